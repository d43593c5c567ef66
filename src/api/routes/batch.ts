import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { labelOfTag } from '../../conditions/field.ts'
import { getUndoable } from '../../history/get-undoable.ts'
import { actorOf } from '../../http/guard.ts'
import { takeBackEntry } from '../../overrides/take-back-entry.ts'
import type { Undone } from '../../overrides/undo.ts'
import { Invalid } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { chooseUsers } from '../../tags/choose-users.ts'
import { decideSelection } from '../../tags/decide-selection.ts'
import { changeOf } from '../../tags/tagging.ts'
import { idKeysFor, idKeysOf } from '../../users/id-keys.ts'
import { queryOf } from '../list-users.ts'
import type { Answer } from '../once.ts'
import { route } from '../operation.ts'
import { conditionIn } from '../read-condition.ts'
import { condition, exactly, outcome, userId, type Body } from '../schemas.ts'
import { chosenIn, mode, tagRef } from './acts.ts'
import type { Write } from './write.ts'

const tag = 'Acts' as const

const batchBody = exactly({
  users: Type.Optional(Type.Array(userId, { minItems: 1, maxItems: 10_000, description: 'Whom it is about, by their IDs; those that are not there are left out.' })), condition: Type.Optional(condition),
  field: tagRef, mode, values: Type.Array(Type.String(), { minItems: 1, maxItems: 200 }),
  policy: Type.Enum(['keep', 'until_import'], { description: 'keep: imports do not change it. until_import: the first later run that brings a value for the tag does.' })
})
const ofEntry = exactly({ entry: Type.String({ pattern: '^[1-9][0-9]{0,17}$', description: 'What an act answered as entry.' }) })
const undone = exactly({
  entry: Type.Union([Type.String(), Type.Null()], { description: 'The entry of the undo. Null where nothing could be put back, or where a job does it.' }), users: Type.Integer(), values: Type.Integer({ description: 'How many were put back.' }),
  valuesSkipped: Type.Integer({ description: 'How many were changed since, and stay.' }), job: Type.Union([Type.Integer(), Type.Null()])
})

/** Tagging many users, and taking acts back. */
export function registerBatch(api: FastifyInstance, services: Services, write: Write): void {
  const { db, queue, timeZone, aesKey } = services

  api.post<{ Body: Body<typeof batchBody> }>('/taggings', route({
    id: 'tagUsers', tag, permission: 'user_360.batch_tag', summary: 'Tag many users', body: batchBody, writes: true, answers: { 200: outcome, 202: outcome },
    example: { condition: { field: 'attribute:city', operator: 'is', values: ['Berlin'] }, field: 'tag:12', mode: 'add', values: ['hiking'], policy: 'keep' },
    description: 'Users by their IDs, or all whom a condition finds at this moment. Up to 1,000 are tagged at once (200); more by a job, all of them or none (202).'
  }), async (request, reply) => write(request, reply, async (keep) => {
    const { access, catalog, body } = request
    const operator = actorOf(request)
    if ((body.users === undefined) === (body.condition === undefined)) throw new Invalid('Say users or condition, one of them.', { users: 'Either this or a condition.' })
    const chosen = chosenIn(request, body, '')
    const query = queryOf(conditionIn(access, body.condition))
    const keys = body.users ? idKeysOf(access, aesKey) : await idKeysFor(services, access, operator, query)
    const selection = await chooseUsers(db, access, { timeZone, keys }, body.users ? { ticked: [...new Set(body.users)] } : { query }, operator.id)
    const decision = { ref: `tag:${chosen.tag.column.id}`, change: changeOf(chosen.mode, chosen.values), policy: body.policy }
    const answerOf = (made: { entryId: string } | { jobId: number }): Answer => ('jobId' in made ? { status: 202, body: { entry: null, users: selection.users, job: made.jobId } } : { status: 200, body: { entry: made.entryId, users: selection.users, job: null } })
    const act = { kind: 'batch' as const, title: `Batch tag ${labelOfTag(chosen.tag.column)}`, operator: { id: operator.id, name: operator.name, tokenId: operator.tokenId } }
    const made = await decideSelection({ db, queue }, { catalog, timeZone }, selection, decision, act, (within, done) => keep(within, answerOf(done)))
    return made ? answerOf(made) : { status: 200, body: { entry: null, users: 0, job: null } }
  }))

  api.post<{ Params: Body<typeof ofEntry> }>('/history/:entry/undo', route({
    id: 'undoEntry', tag, permission: 'user_360.undo', summary: 'Take an act back', params: ofEntry, writes: true, answers: { 200: undone, 202: undone }, exampleParams: { entry: '731' },
    description: 'An edit, a tagging or a batch. Each value becomes again what it was; what was changed since stays. Acts on more than 1,000 users are taken back by a job (202).'
  }), async (request, reply) => write(request, reply, async (keep) => {
    const { access, catalog } = request
    const { id, name, tokenId } = actorOf(request)
    const entry = await getUndoable(db, { catalog, access, timeZone }, request.params.entry)
    const answerOf = (made: Undone | { jobId: number }): Answer => ('jobId' in made
      ? { status: 202, body: { entry: null, users: 0, values: 0, valuesSkipped: 0, job: made.jobId } }
      : { status: 200, body: { entry: made.entryId, users: made.users, values: made.values, valuesSkipped: made.valuesSkipped, job: null } })
    return answerOf(await takeBackEntry({ db, queue }, catalog, timeZone, entry, { id, name, tokenId }, (within, made) => keep(within, answerOf(made))))
  }))
}
