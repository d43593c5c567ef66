import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Access } from '../../access/access.ts'
import { targetOf } from '../../catalog/target.ts'
import { listFields, type Field } from '../../conditions/field.ts'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { pageBefore, safePath } from '../../http/page-before.ts'
import type { Selection } from '../../overrides/queries/selections.ts'
import type { Services } from '../../services.ts'
import { decideSelection, outcomeOf } from '../decide-selection.ts'
import { countHandSet, listHandSet } from '../queries/effect.ts'
import { returnModel } from '../views/returns.ts'
import { mayBatch, selectionFor, toOutcome, type OfSelection } from './selections.ts'

/** Giving a tag or attribute of the users of a choice back to its source. */
export function registerReturns(app: FastifyInstance, { db, queue, timeZone }: Services): void {
  const say = (users: string) => `${users} returned to the source.`

  app.get<OfSelection>('/users/selections/:id/return', mayBatch, async (request, reply) => {
    const selection = await selectionFor(db, request)
    const before = outcomeOf(selection)
    return before ? toOutcome(reply, before, say, pageBefore(request)) : answer(request, reply, selection, '', pageBefore(request))
  })

  app.post<OfSelection>('/users/selections/:id/return', mayBatch, async (request, reply) => {
    const selection = await selectionFor(db, request)
    const back = safePath(textOf(request.body, 'back'))
    const before = outcomeOf(selection)
    if (before) return toOutcome(reply, before, say, back)
    const ref = textOf(request.body, 'field')
    if (textOf(request.body, 'act') !== 'save') return answer(request, reply, selection, ref, back)
    const field = openFields(request.access).find((one) => one.ref === ref)
    if (!field) return answer(request, reply, selection, '', back, ref === '' ? 'Choose a tag or an attribute.' : 'This tag or attribute does not exist here any more. Choose another.')
    const { id, name } = actorOf(request)
    const act = { kind: 'return' as const, title: `Return ${field.label} to its source`, operator: { id, name } }
    const outcome = await decideSelection({ db, queue }, { catalog: request.catalog, timeZone }, selection, { ref, change: { mode: 'return' }, policy: 'keep' }, act)
    if (outcome) return toOutcome(reply, outcome, say, back)
    return answer(request, reply, selection, ref, back, `None of these users has a hand-set value of ${field.label}. Nothing was changed.`)
  })

  async function answer(request: FastifyRequest, reply: FastifyReply, selection: Selection, ref: string, back: string, error = '') {
    const { access, catalog } = request
    const offers = openFields(access).map((field) => ({ field, columnId: field.tag?.column.id ?? null, attributeId: field.attribute?.id ?? null }))
    const fields = (await listHandSet(db, offers)).map(({ field }) => field)
    const field = fields.find((one) => one.ref === ref)
    const target = field && targetOf(catalog, field.ref)
    const handSet = target ? await countHandSet(db, access, timeZone, selection, target, null) : null
    return reply.page('tags/return', returnModel(selection, fields, field, handSet, { back, begins: request.method === 'GET', error }), { title: 'Return to source', fragments: { dialog: 'tags/_return' }, status: error ? 422 : 200 })
  }
}

/** Only what is seen in full is given back: the rest is answered like what never was. */
function openFields(access: Access): Field[] {
  return listFields(access).filter((field) => !field.masked)
}
