import t, { type Test } from 'tap'
import { Access } from '../../src/access/access.ts'
import { openPool } from '../../src/db/database.ts'
import { openWorld } from '../history/acts.ts'
import { makeRole, signInWith } from '../role.ts'
import { md5 } from '../users/world.ts'
import { bearerOf, type Bearer } from './bearer.ts'
import { misfitOf, readDocument } from './fits.ts'

async function open(t: Test) {
  const world = await openWorld(t)
  const document = await readDocument(world)
  const asking = ({ send }: Bearer) => async (path: string, json: unknown) => {
    const answer = await send({ method: 'POST', url: `/api/v1/users/${path}`, json })
    t.equal(misfitOf(document, 'POST', `/api/v1/users/${path}`, answer), '', `${path} ${JSON.stringify(json)}: ${answer.statusCode}`)
    return answer
  }
  const idsOf = (answer: { json(): unknown }) => (answer.json() as { users: { id: string }[] }).users.map(({ id }) => id)
  return { world, asking, idsOf, ask: asking(await bearerOf(world, 1)) }
}

t.test('users are found by any ID', async (t) => {
  const { ask, idsOf } = await open(t)
  const finds = async (json: object, expected: string[]) => t.same(idsOf(await ask('find', json)), expected, JSON.stringify(json))
  await finds({ value: '1' }, ['1'])
  await finds({ value: '5' }, ['1'])
  await finds({ value: ' 13812345678 ' }, ['1'])
  await finds({ value: '+8613812345678' }, ['1'])
  await finds({ value: md5('13812345678') }, ['1'])
  await finds({ type: 'MOBILE', value: '13812345678' }, ['1'])
  await finds({ type: 'EMAIL', value: 'O@example.com' }, ['2'])
  await finds({ type: 'EMAIL', value: '13812345678' }, [])
  await finds({ type: 'MOBILE', value: '1' }, [])
  await finds({ value: 'nobody' }, [])
  t.match((await ask('find', { type: 'NEVER', value: '1' })).json(), { status: 422, errors: [{ pointer: '#/type' }] })
  for (const json of [{}, { value: '' }, { value: ' ' }, { value: 1 }, { value: 'x', kind: 'y' }, [], 'x', null]) t.equal((await ask('find', json)).statusCode, 422, JSON.stringify(json))
})

t.test('masked IDs are found by their whole value alone, with and without a type, limited and recorded', async (t) => {
  const { world, asking, idsOf } = await open(t)
  const mobile = world.columns['1.mobile']!
  const { id } = await signInWith(world, await makeRole(world, { permissions: ['user_360.view'], sources: { 1: { otherwise: 'full', columns: { [mobile]: 'masked' } } }, otherAttributes: 'full' }))
  const bearer = await bearerOf(world, id)
  const ask = asking(bearer)
  t.same(idsOf(await ask('find', { type: 'MOBILE', value: '13812345678' })), ['1'])
  t.same(idsOf(await ask('find', { value: '13812345678' })), ['1'])
  t.match(await world.db.selectFrom('history_entries').selectAll().where('kind', '=', 'look_up').execute(), [{ title: 'Looked for 1 ID where IDs are masked', operator_id: id, token_id: bearer.id }], 'the same value once')
  t.same(idsOf(await ask('find', { value: '1381234' })), [])
  t.equal((await ask('query', { condition: { field: 'id:MOBILE', operator: 'is', values: ['13812345678'] } })).statusCode, 422, 'conditions do not name what is masked')
  for (let n = 0; n < 118; n++) await bearer.send({ method: 'POST', url: '/api/v1/users/find', json: { type: 'MOBILE', value: `137000000${n}` } })
  const tooMany = await ask('find', { type: 'MOBILE', value: '13900000002' })
  t.same([tooMany.statusCode, tooMany.headers['retry-after'], tooMany.json().detail.includes('120')], [429, '3600', true])
  const user = (await bearer.send({ url: '/api/v1/users/1' })).json()
  t.match(user.identities.filter((one: { type: string }) => one.type === 'MOBILE'), [{ value: '138****5678', masked: true }], 'the profile marks it')
})

t.test('users are listed a page at a time, and asked for by conditions', async (t) => {
  const { world, ask, idsOf } = await open(t)
  t.same(idsOf(await ask('query', {})), ['7', '4', '3', '2', '1'])
  const seen: string[] = []
  let after: string | undefined
  do {
    const page = await ask('query', { limit: 2, sort: 'attribute:city', ...(after ? { after } : {}) })
    seen.push(...idsOf(page))
    after = page.json().next ?? undefined
  } while (after)
  t.same(seen, ['2', '4', '1', '3', '7'])
  const likes = `tag:${world.columns['1.likes']}`
  const asks = async (condition: object, expected: string[]) => {
    t.same(idsOf(await ask('query', { condition })), expected, JSON.stringify(condition))
    t.same((await ask('count', { condition })).json(), { count: expected.length, exact: true })
  }
  await asks({ field: likes, operator: 'any', values: ['tea', 'coffee'] }, ['4', '2', '1'])
  await asks({ and: [{ field: likes, operator: 'any', values: ['tea'] }, { not: { field: 'attribute:city', operator: 'is', values: ['berlin'] } }] }, ['1'])
  await asks({ or: [{ field: 'id', operator: 'is', values: ['7'] }, { field: 'id:EMAIL', operator: 'is', values: ['o@example.com'] }] }, ['7', '2'])
  await asks({ handSet: { moved: false, source: null } }, [])
  await asks({ noTag: true }, ['3'])
  t.same((await ask('query', { limit: 1, fields: [`tag:${world.columns['1.value']}`, likes], condition: { field: 'id', operator: 'is', values: ['1'] } })).json().users[0].values, [{ field: `tag:${world.columns['1.value']}`, value: '12480', masked: false }, { field: likes, value: ['tea', 'hiking'], masked: false }])
  for (const json of [{ condition: {} }, { condition: { and: 'x' } }, { condition: { field: 'attribute:city', operator: 'is', values: ['x'], more: 1 } }, { condition: { noTag: true, and: [] } }, { condition: { field: 'attribute:city', operator: 'is', values: [1] } }, { condition: { field: 'attribute:city', operator: 'near', values: ['x'] } }, { condition: { field: 'tag:999', operator: 'is', values: ['x'] } }, { condition: { audience: { how: 'any', ids: [999] } } }, { condition: { field: likes, operator: 'range', values: ['1', '2'] } }, { sort: likes }, { sort: 'x' }, { fields: ['attribute:never'] }, { fields: ['x'] }, { limit: 0 }, { limit: 201 }, { after: 'x' }, { page: 2 }]) {
    t.equal((await ask('query', json)).statusCode, 422, JSON.stringify(json))
  }
  const deep = (levels: number): object => (levels === 0 ? { noTag: true } : { not: deep(levels - 1) })
  t.equal((await ask('query', { condition: deep(9) })).statusCode, 422)
})

t.test('what a publication overtakes is begun anew, and not answered with an address', async (t) => {
  const { world, ask, idsOf } = await open(t)
  const [full, connect] = [Access.full, world.pool.connect.bind(world.pool)]
  t.teardown(() => { Access.full = full })
  let times = 0
  let admitted = false
  // Data is published right after the door has read the catalog, so many times.
  Access.full = (catalog) => { admitted = true; return full(catalog) }
  const other = openPool(world.url, { max: 1 })
  t.teardown(() => other.end())
  world.pool.connect = (async () => {
    const first = admitted
    admitted = false
    if (first && times-- > 0) await other.query('update catalog_state set version = version + 1')
    return connect()
  }) as typeof world.pool.connect
  for (const often of [1, 3]) {
    times = often
    t.equal(idsOf(await ask('query', {})).length, 5)
    t.equal(times, -1, `${often} times`)
  }
  times = 100
  const slow = await ask('query', {})
  t.same([slow.statusCode, slow.headers['retry-after'], slow.headers.location], [503, '1', undefined])
  world.pool.connect = connect as typeof world.pool.connect
})
