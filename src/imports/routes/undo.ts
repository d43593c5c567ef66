import type { FastifyInstance } from 'fastify'
import { actorOf } from '../../http/guard.ts'
import { NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { findRun, type Run } from '../queries.ts'
import { countDecisionsOfUndo, findOpenUndo, getRunUndo } from '../queries/undo.ts'
import { requestRunUndo, whyNoUndo } from '../request-undo.ts'
import type { KeptRun } from '../restore-rows.ts'
import { undoModel } from '../views/undo.ts'

const config = { permission: 'imports' as const }
const schema = { params: { type: 'object', properties: { run: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } } } }
type OfRun = { Params: { run: number } }

/** Undo of a run: first what goes, in numbers; a job does it. */
export function registerRunUndo(app: FastifyInstance, { db, queue }: Services): void {
  app.get<OfRun>('/settings/imports/:run/undo', { config, schema }, async (request, reply) => {
    const run = await getRun(request.params.run)
    const open = await findOpenUndo(db, run.id)
    if (open !== undefined) return reply.goTo(`/settings/jobs/${open}`)
    const refusal = await whyNoUndo(db, run)
    const source = request.catalog.sources.find((one) => one.id === run.sourceId)
    const decisions = refusal === null && source?.rowsTable ? await countDecisionsOfUndo(db, (await getRunUndo(db, run.id)).kept as KeptRun, source.rowsTable) : null
    return reply.page('imports/undo', undoModel(run, refusal, decisions), { title: `Undo run ${run.id} of ${run.alias}` })
  })

  app.post<OfRun>('/settings/imports/:run/undo', { config, schema }, async (request, reply) => {
    const run = await getRun(request.params.run)
    return reply.goTo(`/settings/jobs/${await requestRunUndo({ db, queue }, run, actorOf(request))}`)
  })

  async function getRun(id: number): Promise<Run> {
    const run = await findRun(db, id)
    if (!run) throw new NotFound('There is no such run.')
    return run
  }
}
