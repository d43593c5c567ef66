import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Condition } from '../../catalog/condition.ts'
import { fieldOfAttribute, fieldOfTag, findField, operatorsOf, type Field } from '../../conditions/field.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { countMatching } from '../../users/count-users.ts'
import { idKeysFor, idKeysOf } from '../../users/id-keys.ts'
import { listUsers, queryOf, usualLimit } from '../list-users.ts'
import { route } from '../operation.ts'
import { conditionIn } from '../read-condition.ts'
import { nameOf, readUser, type Sight } from '../read-user.ts'
import { condition, exactly, field, fieldRef, listedUser, sort, user, userId, type Body } from '../schemas.ts'

const tag = 'Users' as const
const permission = 'user_360.view' as const
export const ofUser = exactly({ id: userId })

const findBody = exactly({
  type: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_]{1,60}$', description: 'Code of an ID type. Without it: an ID of any type, or a user ID.' })),
  value: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S', description: 'The whole value, plain or as a source holds it.' })
})
const queryBody = exactly({
  condition: Type.Optional(condition), sort: Type.Optional(sort), fields: Type.Optional(Type.Array(fieldRef, { maxItems: 200, description: 'Which values to give; without it all attributes.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: `How many users at most; ${usualLimit} unless it is said.` })), after: Type.Optional(Type.String({ minLength: 1, maxLength: 4000, description: 'What the page before gave as next.' }))
})
const countBody = exactly({ condition: Type.Optional(condition) })

/** Finding users, and reading what is known of them. */
export function registerUsers(api: FastifyInstance, services: Services): void {
  const { db, timeZone, aesKey } = services
  const sightOf = ({ access, catalog }: FastifyRequest): Sight => ({ access, catalog, timeZone, aesKey })
  const keysFor = (request: FastifyRequest, asked: Condition | null) => idKeysFor(services, request.access, actorOf(request), queryOf(asked))

  api.get('/fields', route({
    id: 'listFields', tag, permission, summary: 'Which attributes and tags there are', description: 'Those that this operator sees: their references stand in conditions, sorts, edits and taggings.', answers: { 200: exactly({ fields: Type.Array(field) }) }
  }), async ({ access }) => ({ fields: [...access.attributes.map(fieldOfAttribute), ...access.tags.map(fieldOfTag)].map(describe) }))

  api.post<{ Body: Body<typeof findBody> }>('/users/find', route({
    id: 'findUsers', tag, permission, summary: 'Find users by an ID', example: { type: 'MOBILE', value: '13812345678' }, body: findBody, answers: { 200: exactly({ users: Type.Array(listedUser) }) },
    description: 'By user ID, an old user ID, or a value of any ID type. Where an ID is masked for the operator it is found by its whole value; at most 120 different ones an hour, and it stands in the history. It is sent as a body since addresses stand in logs.'
  }), async (request) => {
    const { type, value } = request.body
    if (type !== undefined && !findField(request.access, `id:${type}`)) throw new Invalid('There is no such ID type.', { type: 'This ID type does not exist here.' })
    const asked: Condition = { field: 'id', operator: 'is', values: [value] }
    const keys = await keysFor(request, asked)
    const any = idKeysOf(request.access, aesKey)
    const typed = type === undefined ? keys : Object.assign((text: string) => any(text, type), { masked: keys.masked, typed: true })
    const { users } = await listUsers(db, sightOf(request), typed, { condition: asked })
    return { users }
  })

  api.post<{ Body: Body<typeof queryBody> }>('/users/query', route({
    id: 'queryUsers', tag, permission, summary: 'List users, or those whom a condition finds', body: queryBody, example: { condition: { and: [{ field: 'attribute:city', operator: 'is', values: ['Berlin'] }] }, fields: ['attribute:name'], limit: 100 },
    description: 'A page at a time: send next as after, with the same condition and sort, until next is null.', answers: { 200: exactly({ users: Type.Array(listedUser), next: Type.Union([Type.String(), Type.Null()]) }) }
  }), async (request) => {
    const asked = conditionIn(request.access, request.body.condition)
    return listUsers(db, sightOf(request), await keysFor(request, asked), { ...request.body, condition: asked })
  })

  api.post<{ Body: Body<typeof countBody> }>('/users/count', route({
    id: 'countUsers', tag, permission, summary: 'Count users', body: countBody, example: { condition: { field: 'attribute:city', operator: 'is', values: ['Berlin'] } },
    description: 'Exact where that is quick, else what the database expects.', answers: { 200: exactly({ count: Type.Integer(), exact: Type.Boolean() }) }
  }), async (request) => {
    const asked = conditionIn(request.access, request.body.condition)
    return countMatching(db, request.access, { timeZone, keys: await keysFor(request, asked) }, queryOf(asked))
  })

  api.get<{ Params: Body<typeof ofUser> }>('/users/:id', route({
    id: 'getUser', tag, permission, summary: 'Read a profile', params: ofUser, exampleParams: { id: '41027733' }, answers: { 200: user },
    description: 'Attributes, IDs and tags of a user, as far as this operator sees them. An old ID answers the user that holds it now: compare id.'
  }), async (request) => readUser(db, sightOf(request), request.params.id))
}

function describe(one: Field): Body<typeof field> {
  return { field: one.ref, name: one.label, type: one.type as Body<typeof field>['type'], masked: one.masked, source: one.tag ? nameOf(one.tag.source) : null, choices: one.attribute?.choices ?? null, operators: one.masked ? [] : [...operatorsOf(one.type)] }
}
