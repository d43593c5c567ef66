import t from 'tap'
import { permissions, type Permission } from '../../src/access/permissions.ts'
import { leaksIn } from '../access/crawl.ts'
import { makeSecrets, mark, maskedMobiles, narrowRole, type Secrets } from '../access/secret-world.ts'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { read } from '../source.ts'
import { bearerOf, type Bearer } from './bearer.ts'

type Asked = Parameters<Bearer['send']>[0]

/** Requests to every route of the API that reads, with every number, field and value there is. */
function readings({ columns, clinicUser, failingUser }: Secrets, entries: string[]): Asked[] {
  const ids = [...new Set(['1', '2', '3', '4', '5', '6', clinicUser, failingUser, ...Object.values(columns).map(String), ...entries])]
  const fields = [...Object.values(columns).map((id) => `tag:${id}`), 'attribute:province', 'attribute:name', 'attribute:city']
  const gets = Object.keys(JSON.parse(read('test/routes.json')) as object).filter((route) => route.startsWith('GET /api/v1/')).map((route) => route.slice(4))
  const post = (path: string, json: object): Asked => ({ method: 'POST', url: `/api/v1/users/${path}`, json })
  return [
    ...gets.flatMap((url) => (url.includes(':') ? ids.map((id) => ({ url: url.replace(/:\w+/, id) })) : [{ url }])),
    ...fields.flatMap((field) => [post('query', { fields: [field] }), post('query', { sort: field }), post('query', { sort: `-${field}`, fields: [field] }), ...['filled', 'empty', 'hand', 'moved'].map((operator) => post('query', { condition: { field, operator, values: [] }, fields: [field] })), ...['is', 'contains', 'any', 'range'].map((operator) => post('count', { condition: { field, operator, values: [mark] } }))]),
    ...[undefined, 'MOBILE', 'EMAIL', 'OPEN_ID', 'ONEID'].flatMap((type) => ['1', clinicUser, failingUser, ...maskedMobiles, `${mark}mail1@example.com`, `${mark}P1`, `${mark}C2`].map((value) => post('find', { ...(type ? { type } : {}), value })))
  ]
}

/** Requests that would change what is hidden. */
function writings({ columns, clinicUser, failingUser }: Secrets, entries: string[]): Asked[] {
  const fields = [...Object.values(columns).map((id) => `tag:${id}`), 'attribute:province']
  return [
    ...['1', clinicUser, failingUser].flatMap((user) => fields.flatMap((field): Asked[] => [
      { method: 'PATCH', url: `/api/v1/users/${user}`, json: { values: { [field]: 'x' } } }, ...(field.startsWith('tag:') ? [{ method: 'POST' as const, url: `/api/v1/users/${user}/tags`, json: { tags: [{ field, values: ['x'] }] } }] : [])
    ])),
    ...fields.filter((field) => field.startsWith('tag:')).map((field): Asked => ({ method: 'POST', url: '/api/v1/taggings', json: { users: ['1', clinicUser, failingUser], field, values: ['x'], policy: 'keep' } })),
    ...fields.map((field): Asked => ({ method: 'POST', url: '/api/v1/exports', json: { columns: [field] } })),
    ...entries.map((entry): Asked => ({ method: 'POST', url: `/api/v1/history/${entry}/undo` }))
  ]
}

const analyst: Permission[] = ['user_360.view', 'user_360.edit', 'user_360.tag', 'user_360.batch_tag', 'user_360.undo', 'user_360.export', 'audiences.view']
const nearly = permissions.filter((permission) => !['roles', 'operators', 'user_360.erase'].includes(permission))

t.test('what a role does not see is in no answer of the API', { timeout: 300_000 }, async (t) => {
  const world = await build(t, { apiLimit: { requests: 100_000, seconds: 1 } })
  const secrets = await makeSecrets(world)
  const entries = (await world.pool.query<{ id: string }>('select id from history_entries order by id')).rows.map(({ id }) => String(id))
  const leaksOf = async ({ send }: Bearer, asked: readonly Asked[], names: boolean) => {
    const found: string[] = []
    for (const one of asked) {
      const answer = await send(one)
      if (answer.statusCode >= 500) found.push(`${answer.statusCode} ${one.url}`)
      for (const leak of leaksIn(answer, `${decodeURIComponent(String(one.url))} ${JSON.stringify(one.json ?? '')}`, names)) found.push(`${one.method ?? 'GET'} ${one.url} ${JSON.stringify(one.json ?? '')}: ${leak}`)
    }
    return found
  }
  t.ok((await leaksOf(await bearerOf(world, 1), readings(secrets, entries), false)).length > 50, 'an administrator meets the secrets, so that they would be found')
  for (const [who, allowed, names] of [['an analyst', analyst, false], ['who may do nearly everything', nearly, true], ['who only looks', ['user_360.view'], false]] as [string, Permission[], boolean][]) {
    const { id } = await signInWith(world, await makeRole(world, narrowRole(secrets, allowed)))
    const bearer = await bearerOf(world, id)
    t.same(await leaksOf(bearer, readings(secrets, entries), names), [], `${who} reads`)
    t.same(await leaksOf(bearer, writings(secrets, entries), names), [], `${who} writes`)
    t.equal((await bearer.send({ method: 'POST', url: '/api/v1/users/query', json: {} })).statusCode, 200, `${who} was not stopped by a limit`)
  }
})

t.test('what is hidden is answered byte for byte like what never was', { timeout: 300_000 }, async (t) => {
  const world = await build(t, { apiLimit: { requests: 100_000, seconds: 1 } })
  const secrets = await makeSecrets(world)
  const { columns, clinicUser, failingUser, sources: { members, clinic } } = secrets
  const hidden = [columns[`${members}.income`]!, columns[`${members}.score`]!, columns[`${clinic}.diagnosis`]!]
  const { id } = await signInWith(world, await makeRole(world, narrowRole(secrets, analyst)))
  const { send } = await bearerOf(world, id)
  const other = await world.db.insertInto('jobs').values({ kind: 'batch', title: 'x', payload: '{}', operator_id: 1 }).returning('id').executeTakeFirstOrThrow()
  const entries = (await world.pool.query<{ id: string; fields: string[] }>('select id, fields from history_entries')).rows.filter(({ fields }) => fields.length && fields.every((ref) => hidden.some((one) => ref === `tag:${one}`))).map((entry) => entry.id)
  t.ok(entries.length > 3)
  const alike = async (one: Asked, never: Asked, said: string[]) => {
    const plain = async (asked: Asked) => {
      const answer = await send(asked)
      const text = `${answer.statusCode} ${answer.headers['content-type']} ${answer.headers['retry-after'] ?? ''} ${answer.body.replace(/"instance":"[^"]*"/, '')}`
      return said.toSorted((a, b) => b.length - a.length).reduce((left, word) => left.replaceAll(word, '?'), text)
    }
    t.equal(await plain(one), await plain(never), `${one.method ?? 'GET'} ${one.url} ${JSON.stringify(one.json ?? '')}`)
  }
  const never = '7654321'
  const both = (hiddenOne: string, make: (name: string) => Asked, other = never) => alike(make(hiddenOne), make(other), [hiddenOne, other])
  for (const user of [clinicUser, failingUser]) {
    await both(user, (name) => ({ url: `/api/v1/users/${name}` }))
    await both(user, (name) => ({ method: 'PATCH', url: `/api/v1/users/${name}`, json: { values: { 'attribute:city': 'x' } } }))
    await both(user, (name) => ({ method: 'POST', url: `/api/v1/users/${name}/tags`, json: { tags: [{ field: `tag:${columns[`${members}.level`]}`, values: ['x'] }] } }))
    await both(user, (name) => ({ method: 'POST', url: '/api/v1/taggings', json: { users: [name], field: `tag:${columns[`${members}.level`]}`, values: ['x'], policy: 'keep' } }))
    await both(user, (name) => ({ method: 'POST', url: '/api/v1/users/find', json: { value: name } }))
  }
  for (const [ref, none] of [...hidden.map((one) => [`tag:${one}`, `tag:${never}`] as const), ['attribute:province', 'attribute:never_was'] as const]) {
    const makes: ((name: string) => Asked)[] = [
      (field) => ({ method: 'POST', url: '/api/v1/users/query', json: { fields: [field] } }), (field) => ({ method: 'POST', url: '/api/v1/users/query', json: { sort: field } }), (field) => ({ method: 'POST', url: '/api/v1/users/query', json: { condition: { field, operator: 'filled', values: [] } } }),
      (field) => ({ method: 'POST', url: '/api/v1/users/count', json: { condition: { not: { field, operator: 'is', values: [mark] } } } }), (field) => ({ method: 'PATCH', url: '/api/v1/users/2', json: { values: { [field]: 'x' } } }), (field) => ({ method: 'POST', url: '/api/v1/exports', json: { columns: [field] } })
    ]
    for (const make of makes) await both(ref, make, none)
    if (!ref.startsWith('tag:')) continue
    await both(ref, (field) => ({ method: 'POST', url: '/api/v1/users/2/tags', json: { tags: [{ field, values: ['x'] }] } }), none)
    await both(ref, (field) => ({ method: 'POST', url: '/api/v1/taggings', json: { users: ['2'], field, values: ['x'], policy: 'keep' } }), none)
  }
  for (const type of ['EMAIL', 'OPEN_ID']) {
    await both(type, (name) => ({ method: 'POST', url: '/api/v1/users/find', json: { type: name, value: 'x' } }), 'NEVER_WAS')
    await both(`id:${type}`, (field) => ({ method: 'POST', url: '/api/v1/users/count', json: { condition: { field, operator: 'is', values: ['x'] } } }), 'id:NEVER_WAS')
  }
  for (const [value, none] of [[`${mark}mail1@example.com`, 'never@example.com'], [`${mark}P1`, 'never1'], ['13388877766', '13388877767'], [maskedMobiles[0]!.slice(0, 8), '13999999']] as const) await both(value, (name) => ({ method: 'POST', url: '/api/v1/users/find', json: { value: name } }), none)
  for (const entry of entries.slice(0, 4)) await both(entry, (name) => ({ method: 'POST', url: `/api/v1/history/${name}/undo` }))
  for (const path of ['', '/cancellation']) await both(String(other.id), (name) => ({ method: path ? 'POST' : 'GET', url: `/api/v1/jobs/${name}${path}` }))
})
