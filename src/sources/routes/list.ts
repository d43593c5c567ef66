import type { FastifyInstance } from 'fastify'
import { listLatestRuns } from '../../imports/queries.ts'
import type { Services } from '../../services.ts'
import { releaseRemovals } from '../release-removals.ts'
import { sourcesModel } from '../views.ts'

export function registerList(app: FastifyInstance, { db, timeZone }: Services): void {
  app.get('/settings/sources', { config: { permission: 'sources' } }, async (request, reply) => {
    await releaseRemovals(db, request.catalog)
    return reply.page('sources/list', sourcesModel(request.catalog.sources, await listLatestRuns(db), timeZone), { title: 'Sources', fragments: { 'source-list': 'sources/_list' } })
  })
}
