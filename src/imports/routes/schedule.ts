import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CatalogSource } from '../../catalog/catalog.ts'
import { isOn } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { Conflict, Invalid, NotFound, type FieldMessages } from '../../problem.ts'
import { getSchedule } from '../../schedules/queries.ts'
import type { Services } from '../../services.ts'
import { findOrigin } from '../../sources/queries/origins.ts'
import { readSourceSchedule } from '../forms.ts'
import { orderImport } from '../order-import.ts'
import { saveSchedule } from '../save-schedule.ts'
import { scheduleModel } from '../views/schedule.ts'

const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } } } }
type Route = { Params: { id: number } }

/** A source that is read from a table: when, how, and now. */
export function registerSourceSchedule(app: FastifyInstance, { db, dataDir, queue, timeZone }: Services): void {
  app.get<Route>('/settings/sources/:id/schedule', { config: { permission: 'imports' }, schema }, async (request, reply) => answer(request, reply))

  app.post<Route>('/settings/sources/:id/schedule', { config: { permission: 'imports' }, schema }, async (request, reply) => {
    const source = sourceOf(request)
    const { input, messages } = readSourceSchedule(source, request.catalog.sources, timeZone, request.body)
    if (Object.keys(messages).length) return answer(request, reply, messages)
    try {
      await saveSchedule({ db, dataDir }, request.catalog, source.id, input, actorOf(request))
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return answer(request, reply, error.fields)
    }
    return reply.notice(`How and when ${source.alias} is imported is saved.`).goTo(`/settings/sources/${source.id}`)
  })

  app.post<Route>('/settings/sources/:id/runs', { config: { permission: 'imports' }, schema }, async (request, reply) => {
    const { runId } = await orderImport({ db, queue }, { sourceId: sourceOf(request).id, started: 'hand', operator: actorOf(request), everything: isOn(request.body, 'everything') })
    return reply.goTo(`/settings/imports/${runId}`)
  })

  async function answer(request: FastifyRequest, reply: FastifyReply, messages?: FieldMessages): Promise<FastifyReply> {
    const source = sourceOf(request)
    const origin = await findOrigin(db, source.id)
    if (!origin) throw new NotFound('This source is imported from files; it has no schedule.')
    const kept = await getSchedule(db, { kind: 'import', subjectId: source.id })
    const model = scheduleModel({ source, sources: request.catalog.sources, timeZone, origin, schedule: kept?.schedule ?? null, ...(messages ? { messages, body: request.body } : {}) }, kept?.nextAt ?? null)
    return reply.page('imports/schedule', model, { title: `Schedule of ${source.alias}`, status: messages ? 422 : 200 })
  }
}

function sourceOf(request: FastifyRequest): CatalogSource {
  const source = request.catalog.sources.find((one) => one.id === (request.params as { id: number }).id)
  if (!source) throw new NotFound('There is no such source.')
  if (source.removing) throw new Conflict(`The source ${source.alias} is being removed.`)
  return source
}
