import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { pageBefore, safePath } from '../../http/page-before.ts'
import { holdLane } from '../../jobs/hold-lane.ts'
import { Conflict, Invalid, NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { kindOf, type ExceptionAct } from '../exception.ts'
import { getMappingSettings, type ExceptionKind } from '../mapping-settings.ts'
import { planException, previewException } from '../preview-exception.ts'
import { findMappingAct } from '../queries/exceptions.ts'
import { titleOf } from '../record-exception-act.ts'
import { markOf, requestRemap } from '../request-remap.ts'
import { exceptionModel } from '../views/exception.ts'
import { openKey } from './refused-joins.ts'
import { exceptionAddress } from '../key-seal.ts'

const config = { permission: 'id_types' as const }
const ofValue = { params: { type: 'object', properties: { type: { type: 'integer', minimum: 1, maximum: 32767 }, key: { type: 'string', maxLength: 100 } } } }
const list = '/settings/refused-joins'

/** Excluding a value from ID mapping, allowing a refused one, and taking either back: first whom it joins and splits, then a job does it. */
export function registerExceptions(app: FastifyInstance, services: Services): void {
  const { db } = services

  app.post<{ Params: { type: number; key: string } }>('/settings/refused-joins/:type/:key/exception', { config, schema: ofValue }, async (request, reply) => {
    const { type } = request.params
    const key = openKey(services.keySeal, request.params.key)
    return confirmOrApply(services, request, reply, { idType: type, matchKey: key, kind: kindFrom(textOf(request.body, 'kind')), undoes: null }, exceptionAddress(services.keySeal, type, key))
  })

  // From the entry in the history, whose act is known by it alone: an address with a key in it would tell the value.
  app.get<{ Params: { entry: string } }>('/settings/mapping-acts/:entry/undo', { config }, async (request, reply) => undo(request, reply, request.params.entry))
  app.post<{ Params: { entry: string } }>('/settings/mapping-acts/:entry/undo', { config }, async (request, reply) => undo(request, reply, request.params.entry))

  async function undo(request: FastifyRequest, reply: FastifyReply, entry: string): Promise<FastifyReply> {
    const act = await findMappingAct(db, entry)
    if (!act) throw new NotFound('There is no such change of ID mapping, or it was taken back already.')
    if (kindOf((await getMappingSettings(db)).exceptions, act) !== act.after) throw new Conflict('This value was changed again since. Take the later change back first.')
    return confirmOrApply(services, request, reply, { idType: act.idType, matchKey: act.matchKey, kind: act.before, undoes: entry }, `/settings/mapping-acts/${entry}/undo`)
  }
}

/** First shows what an act would do; once that was confirmed, puts it into the data lane. */
async function confirmOrApply(services: Services, request: FastifyRequest, reply: FastifyReply, act: ExceptionAct, action: string): Promise<FastifyReply> {
  const confirmed = textOf(request.body, 'confirmed')
  const back = textOf(request.body, 'back')
  const backUrl = back ? safePath(back, list) : pageBefore(request, list)
  const planned = await planException(services, request.catalog, request.access, act)
  const { settings, change } = planned
  if (kindOf(settings.exceptions, act) === act.kind) return reply.notice(act.kind === null ? 'This value is no exception any more.' : 'This was done already.', 'warn').goTo(backUrl)
  const type = request.catalog.idTypes.find((one) => one.id === act.idType)?.name ?? ''
  if (confirmed) {
    const jobId = await requestRemap(services.db, services.queue, change, actorOf(request), `${act.undoes ? 'Undo: ' : ''}${titleOf(type, kindOf(settings.exceptions, act), act.kind)}`, confirmed, act)
    if (jobId !== undefined) return reply.goTo(`/settings/jobs/${jobId}`)
  }
  const preview = await holdLane(services.pool, () => previewException(services, request.access, planned))
  const model = exceptionModel(request.access, act, preview, {
    action, backUrl, hidden: { kind: act.kind ?? 'none', back: backUrl, confirmed: markOf(settings, change) },
    problem: confirmed ? 'The settings changed while you were looking. Here is what your change would do now.' : ''
  })
  return reply.page('identities/exception', model, { title: model.heading })
}

function kindFrom(text: string): ExceptionKind | null {
  if (text === 'exclude' || text === 'allow') return text
  if (text === 'none') return null
  throw new Invalid('A value can be excluded, allowed, or treated like any other.')
}
