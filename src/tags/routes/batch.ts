import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findOpenField, labelOfTag } from '../../conditions/field.ts'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { pageBefore, safePath } from '../../http/page-before.ts'
import type { Selection } from '../../overrides/queries/selections.ts'
import type { FieldMessages } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { listFrequentValues } from '../../users/queries/suggestions.ts'
import { decideSelection, outcomeOf } from '../decide-selection.ts'
import { firstBatch, policies, problemsOfBatch, readBatch, type BatchInput } from '../forms/batch.ts'
import { countHandSet, countSame } from '../queries/effect.ts'
import { targetIn } from '../tag-user.ts'
import { changeOf, problemOfValue } from '../tagging.ts'
import { batchModel, type Effect } from '../views/batch.ts'
import { mayBatch, selectionFor, toOutcome, type OfSelection } from './selections.ts'

/** Tagging the users of a choice: a dialog over the list, or a page of its own. */
export function registerBatch(app: FastifyInstance, { db, queue, timeZone }: Services): void {
  const say = (users: string) => `${users} tagged.`

  app.get<OfSelection>('/users/selections/:id/tagging', mayBatch, async (request, reply) => {
    const selection = await selectionFor(db, request)
    const before = outcomeOf(selection)
    const back = pageBefore(request)
    return before ? toOutcome(reply, before, say, back) : answer(request, reply, selection, firstBatch(request.access), back)
  })

  app.post<OfSelection>('/users/selections/:id/tagging', mayBatch, async (request, reply) => {
    const { access, body } = request
    const selection = await selectionFor(db, request)
    const back = safePath(textOf(body, 'back'))
    const before = outcomeOf(selection)
    if (before) return toOutcome(reply, before, say, back)
    const input = readBatch(access, body)
    if (textOf(body, 'act') !== 'save') return answer(request, reply, selection, input, back)
    const messages = problemsOfBatch(access, input, textOf(body, 'tag'))
    const policy = policies[input.policy]
    if (Object.keys(messages).length || !input.tag || !policy) return answer(request, reply, selection, input, back, messages)
    const { id, name } = actorOf(request)
    const decision = { ref: `tag:${input.tag.column.id}`, change: changeOf(input.mode, [input.value]), policy }
    const outcome = await decideSelection({ db, queue }, { catalog: request.catalog, timeZone }, selection, decision, { kind: 'batch', title: `Batch tag ${labelOfTag(input.tag.column)}`, operator: { id, name } })
    if (outcome) return toOutcome(reply, outcome, say, back)
    return answer(request, reply, selection, input, back, { value: 'None of these users is there any more. Nothing was changed.' })
  })

  async function answer(request: FastifyRequest, reply: FastifyReply, selection: Selection, input: BatchInput, back: string, messages: FieldMessages = {}) {
    const { access } = request
    const field = input.tag ? findOpenField(access, `tag:${input.tag.column.id}`) : undefined
    const values = field ? (await listFrequentValues(db, access, timeZone, field, '')).map(({ value }) => value) : []
    const model = batchModel(access, selection, input, await effectOf(request, selection, input), { values, back, messages, begins: request.method === 'GET' })
    return reply.page('tags/batch', model, { title: 'Batch Tag', fragments: { dialog: 'tags/_batch', 'batch-effect': 'tags/_batch-effect' }, status: Object.keys(messages).length ? 422 : 200 })
  }

  async function effectOf({ access, catalog }: FastifyRequest, selection: Selection, { tag, mode, value }: BatchInput): Promise<Effect | null> {
    if (!tag || problemOfValue(tag, value)) return null
    const values = [value]
    return {
      same: await countSame(db, access, timeZone, selection, tag, mode, values),
      handSet: await countHandSet(db, access, timeZone, selection, targetIn(catalog, tag), { tag, mode, values })
    }
  }
}
