import type { FastifyInstance } from 'fastify'
import { textOf, wholeNumber } from '../../form.ts'
import { mayOf } from '../../http/guard.ts'
import { listSchedules } from '../../schedules/queries.ts'
import type { Services } from '../../services.ts'
import { startedWords, stateLabels } from '../labels.ts'
import { listAllRuns, listRunSources, type RunFilter } from '../queries/all-runs.ts'
import { allRunsModel } from '../views/all-runs.ts'

const pageSize = 50

/** Runs of all sources, and those that are due. */
export function registerAllRuns(app: FastifyInstance, { db, timeZone }: Services): void {
  app.get('/settings/runs', { config: { permission: 'imports' } }, async (request, reply) => {
    const filter = readFilter(request.query)
    const before = wholeNumber(textOf(request.query, 'before'), 1, 999_999_999) ?? null
    const found = await listAllRuns(db, filter, before, pageSize + 1)
    const model = allRunsModel(found.slice(0, pageSize), { filter, before, more: found.length > pageSize, sources: await listRunSources(db), schedules: await listSchedules(db, 'import'), catalog: request.catalog, timeZone, may: mayOf(request) })
    return reply.page('imports/all-runs', model, { title: 'Runs' })
  })
}

/** What is none of the choices is no filter. */
function readFilter(query: unknown): RunFilter {
  const [state, started] = [textOf(query, 'state'), textOf(query, 'started')]
  return {
    sourceId: wholeNumber(textOf(query, 'source'), 1, 999_999_999) ?? null, state: state === 'undone' || Object.hasOwn(stateLabels, state) ? state as RunFilter['state'] : null,
    started: Object.hasOwn(startedWords, started) ? started as RunFilter['started'] : null
  }
}
