import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { actorOf, mayOf } from '../http/guard.ts'
import { cancelJob } from '../jobs/cancel-job.ts'
import { runningJobOf } from '../jobs/signal.ts'
import { NotFound } from '../problem.ts'
import type { Services } from '../services.ts'
import { findRun, type Run } from './queries.ts'
import { rejectedCsv } from './rejected.ts'
import { readRuns } from './routes/read-runs.ts'
import { registerAllRuns } from './routes/all-runs.ts'
import { registerSourceSchedule } from './routes/schedule.ts'
import { registerRunUndo } from './routes/undo.ts'

const id = { type: 'integer', minimum: 1, maximum: 2_147_483_647 }
const ofRun = { params: { type: 'object', properties: { run: id } } }
const ofSource = { params: { type: 'object', properties: { id } }, querystring: { type: 'object', properties: { before: id } } }
const fragments = { runs: 'imports/_runs-changed' } as const

/** The page of a source, the pages of its runs, and what can be done to a run. */
export async function registerImports(app: FastifyInstance, services: Services): Promise<void> {
  const { db, handlers, timeZone } = services
  registerRunUndo(app, services)
  registerSourceSchedule(app, services)
  registerAllRuns(app, services)

  app.get<{ Params: { id: number }; Querystring: { before?: number } }>('/settings/sources/:id', { config: { permission: 'imports' }, schema: ofSource }, async (request, reply) => {
    const model = await readRuns(db, request.catalog, request.params.id, { ...(request.query.before === undefined ? {} : { before: request.query.before }), timeZone, may: mayOf(request), signal: await signalOf(request) })
    if (!model) throw new NotFound('There is no such source.')
    return reply.page('imports/runs', model, { title: model.source.alias, fragments })
  })

  app.get<{ Params: { run: number } }>('/settings/imports/:run', { config: { permission: 'imports' }, schema: ofRun }, async (request, reply) => {
    const run = await getRun(request.params.run)
    const model = await readRuns(db, request.catalog, run.sourceId, { run, timeZone, may: mayOf(request), signal: await signalOf(request) })
    if (!model) throw new NotFound('There is no such run.')
    return reply.page('imports/runs', model, { title: `Run ${run.id} of ${run.alias}`, fragments })
  })

  app.post<{ Params: { run: number } }>('/settings/imports/:run/cancellation', { config: { permission: 'imports' }, schema: ofRun }, async (request, reply) => {
    const run = await getRun(request.params.run)
    await cancelJob(db, handlers, run.jobId, actorOf(request))
    return reply.goTo(`/settings/imports/${run.id}`)
  })

  app.get<{ Params: { run: number } }>('/settings/imports/:run/rejected.csv', { config: { permission: 'imports' }, schema: ofRun }, async (request, reply) => {
    const run = await getRun(request.params.run)
    const source = request.catalog.sources.find((one) => one.id === run.sourceId)
    const whole = source ? request.access.showsFilesOf(source) : request.access.everything
    return reply.type('text/csv; charset=utf-8').header('cache-control', 'no-store').header('content-disposition', `attachment; filename="rejected-rows-run-${run.id}.csv"`).send(Readable.from(rejectedCsv(db, run.id, whole)))
  })

  function signalOf(request: FastifyRequest): ReturnType<typeof runningJobOf> {
    return request.operator ? runningJobOf(db, request.operator.id) : Promise.resolve(null)
  }

  async function getRun(runId: number): Promise<Run> {
    const run = await findRun(db, runId)
    if (!run) throw new NotFound('There is no such run.')
    return run
  }
}
