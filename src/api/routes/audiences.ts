import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { isOwn, noAudience, stateOf, type Audience } from '../../audiences/audience.ts'
import { findAudience, listAudiences } from '../../audiences/queries.ts'
import { rebuild } from '../../audiences/rebuild.ts'
import { actorOf } from '../../http/guard.ts'
import { NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { idKeysOf } from '../../users/id-keys.ts'
import { listUsers, usualLimit } from '../list-users.ts'
import type { Answer } from '../once.ts'
import { route } from '../operation.ts'
import { exactly, fieldRef, listedUser, named, type Body } from '../schemas.ts'
import { writeTime } from '../values.ts'
import type { Write } from './write.ts'

const tag = 'Audiences' as const
const ofAudience = exactly({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })
const audience = named('Audience', exactly({
  id: Type.Integer(), name: Type.String(), description: Type.String(), owner: Type.String(), own: Type.Boolean({ description: 'It belongs to the operator of the token, who alone can have it built.' }), shared: Type.Boolean(),
  state: Type.Enum(['waiting', 'building', 'paused', 'failed', 'new', 'built']), size: Type.Union([Type.Integer(), Type.Null()], { description: 'Members of the last build; null for who may find only some of them.' }), builtAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()])
}))
const membersQuery = exactly({
  fields: Type.Optional(Type.Array(fieldRef, { maxItems: 200, description: 'Which values to give, each as fields=…; without it all attributes.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: `How many users at most; ${usualLimit} unless it is said.` })), after: Type.Optional(Type.String({ minLength: 1, maxLength: 4000, description: 'What the page before gave as next.' }))
})

/** Named sets of users: which there are, who is in one, and having one built. */
export function registerAudiences(api: FastifyInstance, { db, queue, timeZone, aesKey }: Services, write: Write): void {
  api.get('/audiences', route({ id: 'listAudiences', tag, permission: 'audiences.view', summary: 'Which audiences there are', description: 'Those of this operator, and shared ones.', answers: { 200: exactly({ audiences: Type.Array(audience) }) } }), async (request) => ({
    audiences: (await listAudiences(db, request.access.audiences.map(({ id }) => id))).map((one) => writeAudience(request, one))
  }))

  api.get<{ Params: Body<typeof ofAudience> }>('/audiences/:id', route({ id: 'getAudience', tag, permission: 'audiences.view', summary: 'Where an audience stands', params: ofAudience, exampleParams: { id: '3' }, answers: { 200: audience } }), async (request) => writeAudience(request, await audienceFor(request, request.params.id)))

  api.get<{ Params: Body<typeof ofAudience>; Querystring: Body<typeof membersQuery> }>('/audiences/:id/members', route({
    id: 'listMembers', tag, permission: 'user_360.view', summary: 'Who is in an audience', params: ofAudience, query: membersQuery, exampleParams: { id: '3', limit: '100' }, answers: { 200: exactly({ users: Type.Array(listedUser), next: Type.Union([Type.String(), Type.Null()]) }) },
    description: 'Members of the last build whom this operator sees, a page at a time: send next as after until it is null.'
  }), async (request) => {
    const { access, catalog, query } = request
    const { id } = await audienceFor(request, request.params.id)
    return listUsers(db, { access, catalog, timeZone, aesKey }, idKeysOf(access, aesKey), { ...query, condition: { audience: { how: 'any', ids: [id] } } })
  })

  api.post<{ Params: Body<typeof ofAudience> }>('/audiences/:id/builds', route({
    id: 'buildAudience', tag, permission: 'audiences.manage', summary: 'Have an audience built', params: ofAudience, exampleParams: { id: '3' }, writes: true, answers: { 202: exactly({ job: Type.Integer() }) }, description: 'One of its own operator that is made of conditions. A job does it, with what its owner sees.'
  }), async (request, reply) => write(request, reply, async (keep) => {
    const { id, name, tokenId } = actorOf(request)
    const found = await audienceFor(request, request.params.id)
    if (!isOwn(found, { id })) throw new NotFound(noAudience)
    const answerOf = (job: number): Answer => ({ status: 202, body: { job } })
    const job = await rebuild(db, queue, found, { id, name, tokenId }, (trx, made) => keep(trx, answerOf(made)))
    await queue.wake(job)
    return answerOf(job)
  }))

  /** A private one of somebody else and one that never was are answered alike. */
  async function audienceFor({ access }: FastifyRequest, id: number): Promise<Audience> {
    const found = access.audience(id) && (await findAudience(db, id))
    if (!found) throw new NotFound(noAudience)
    return found
  }
}

function writeAudience(request: FastifyRequest, one: Audience): Body<typeof audience> {
  const own = isOwn(one, actorOf(request))
  return {
    id: one.id, name: one.name, description: one.description, owner: one.owner.name, own, shared: one.shared, state: stateOf(one),
    size: own || request.access.everyUser ? one.size : null, builtAt: one.builtAt && writeTime(one.builtAt)
  }
}
