import type { FastifyInstance } from 'fastify'
import { listLatestRuns } from '../../imports/queries.ts'
import { mayOf } from '../../http/guard.ts'
import type { Services } from '../../services.ts'
import { releaseRemovals } from '../release-removals.ts'
import { sourcesModel } from '../views.ts'

export function registerList(app: FastifyInstance, { db, timeZone }: Services): void {
  app.get('/settings/sources', { config: { permission: 'sources or imports' } }, async (request, reply) => {
    await releaseRemovals(db, request.catalog)
    return reply.page('sources/list', sourcesModel(request.catalog.sources, await listLatestRuns(db), timeZone, mayOf(request)), { title: 'Sources', fragments: { 'source-list': 'sources/_list' } })
  })
}
