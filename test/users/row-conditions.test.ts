import t from 'tap'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { columnIds, makeWorld, usersOn } from './world.ts'

const attributes = { name: 'full', city: 'full' } as const

t.test('a row condition that cannot be asked lets no row through, however it came to be so', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const c = await columnIds(world)
  const seen = async (...conditions: unknown[]) => {
    const roles = await Promise.all(conditions.map((rowCondition) => makeRole(world, { permissions: ['user_360.view'], sources: { 1: { otherwise: 'full', rowCondition } }, attributes })))
    const { as } = await signInWith(world, ...roles)
    const answer = await as({ url: '/users?sort=user_id' })
    t.equal(answer.statusCode, 200, JSON.stringify(conditions))
    return usersOn(answer)
  }
  const berlin = { field: 'attribute:city', operator: 'is', values: ['Berlin'] }
  const gone = { field: 'tag:9999', operator: 'is', values: ['x'] }
  t.same(await seen(berlin), ['2', '4'])
  const broken = [
    'nonsense', {}, { and: [] }, { or: [] }, { field: 'attribute:city', operator: 'is' }, gone, { not: gone }, { not: { not: gone } }, { and: [berlin, gone] }, { not: { and: [berlin, gone] } }, { not: { or: [berlin, gone] } },
    // The column was text when this was written, say: a cast would fail.
    { field: `tag:${c['1.value']}`, operator: 'is', values: ['plenty'] }, { not: { field: `tag:${c['1.value']}`, operator: 'is', values: ['plenty'] } }, { field: `tag:${c['1.updated']}`, operator: 'range', values: ['2026-02-30', ''] },
    { field: 'attribute:city', operator: 'not', values: [] }, { field: `tag:${c['1.likes']}`, operator: 'contains', values: ['tea'] }, { noTag: true }, { not: { noTag: true } }, { field: 'attribute:city', operator: 'hand', values: [] },
    { not: { field: 'attribute:city', operator: 'hand', values: [] } }, { field: 'id:MOBILE', operator: 'is', values: ['13812345678'] }, { not: { field: 'id', operator: 'is', values: ['1'] } }, { field: `tag:${c['2.lang']}`, operator: 'filled', values: [] }
  ]
  for (const condition of broken) t.same(await seen(condition), [], JSON.stringify(condition))
  t.same(await seen({ or: [gone, berlin] }), ['2', '4'], 'of two ways in, the one that can be asked is left')
  t.same(await seen(gone, berlin), ['2', '4'], 'and one role does not close what another opens')
})

t.test('two roles together, on the list and the profile', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const c = await columnIds(world)
  const gold = { field: 'attribute:member_level', operator: 'is', values: ['Gold'] }
  const coffee = { field: `tag:${c['1.likes']}`, operator: 'any', values: ['coffee'] }
  const one = await makeRole(world, { permissions: ['user_360.view'], sources: { 1: { columns: { [c['1.mobile']!]: 'masked', [c['1.likes']!]: 'full' }, rowCondition: gold } }, attributes: { name: 'masked' } })
  const two = await makeRole(world, { permissions: ['user_360.view'], sources: { 1: { columns: { [c['1.mobile']!]: 'hidden', [c['1.value']!]: 'full' }, rowCondition: coffee }, 2: { columns: { [c['2.lang']!]: 'masked' } } }, attributes: { name: 'full', city: 'masked' } })
  await world.db.insertInto('settings').values({ name: 'column_display', value: JSON.stringify(['attribute:name', 'mobile', 'attribute:city', `tag:${c['1.likes']}`, `tag:${c['1.value']}`, `tag:${c['2.lang']}`]) }).execute()
  const [first, second, both] = [await signInWith(world, one), await signInWith(world, two), await signInWith(world, one, two)]
  const list = async ({ as }: typeof first) => (await as({ url: '/users?sort=user_id' }))
  const bodies = { first: (await list(first)).body, second: (await list(second)).body, both: (await list(both)).body }
  t.same(usersOn(await list(first)), ['1'], 'the gold member')
  t.same(usersOn(await list(second)), ['1', '2', '4', '7'], 'whoever likes coffee, and everybody of the mini-program')
  t.same(usersOn(await list(both)), ['1', '2', '4', '7'])
  t.match(bodies.first, '138****5678')
  t.match(bodies.first, 'X***')
  t.notMatch(bodies.first, 'Lifetime value')
  t.notMatch(bodies.second, '138****5678')
  t.notMatch(bodies.second, 'hiking')
  t.match(bodies.both, 'Xiaomin', 'a name that one role masks and the other shows is shown')
  t.match(bodies.both, '138****5678')
  t.match(bodies.both, 'hiking')
  t.match(bodies.both, '12,480.00', 'a row that one role lets pass shows the columns of the other')
  t.match(bodies.both, '139****0004', 'a row that the other lets pass shows the columns of the first')
  t.notMatch(bodies.both, /13812345678|13900000002|139\*\*\*\*0002/, 'a row that neither lets pass shows nothing')
  const profile = (await both.as({ url: '/users/1' })).body
  for (const text of ['Xiaomin', 'hiking', '12,480.00', '杭***']) t.match(profile, text)
  for (const text of ['杭州市', '>中文<', longest]) t.notMatch(profile, text)
  t.equal((await first.as({ url: '/users/4' })).statusCode, 404)
  t.equal((await both.as({ url: '/users/4' })).statusCode, 200)
})
const longest = 'Please leave parcels'
