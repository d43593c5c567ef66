import t from 'tap'
import { addAudience } from '../../src/audiences/save-audience.ts'
import type { Condition } from '../../src/catalog/condition.ts'
import { getCatalog } from '../../src/catalog/queries.ts'
import { removeOperator } from '../../src/departures/remove-operator.ts'
import { currentRights } from '../../src/operators/current-rights.ts'
import { startDue } from '../../src/schedules/keep-schedules.ts'
import { starters } from '../../src/starters.ts'
import { build, type TestApp } from '../helper.ts'
import { plain } from '../users/values.ts'
import { makeRole, signInWith, type Send, type TestRole } from '../role.ts'
import { columnIds, makeWorld } from '../users/world.ts'
import { add, audienceOf, members, queue } from './world.ts'

const shop: TestRole = { permissions: ['user_360.view', 'audiences.view', 'audiences.manage'], sources: { 1: { otherwise: 'full' } }, otherAttributes: 'full' }
const all: TestRole = { ...shop, sources: { 1: { otherwise: 'full' }, 2: { otherwise: 'full' } } }
const everybody: Condition = { and: [] }
const daily = { every: 'day', at: '06:00', timeZone: 'Asia/Shanghai', start: null, end: null } as const
const take = (as: Send, id: number) => as({ method: 'POST', url: `/audiences/${id}/ownership` })
const asZhao = (id: number) => ({ id, name: 'Zhao Min' })

/** An operator with these rights, whose audiences are added and built by `fill` before the account is removed. */
async function removedOwner(world: TestApp, rights: TestRole, fill: (owner: { id: number; name: string }) => Promise<void>): Promise<number> {
  const owner = await signInWith(world, await makeRole(world, rights))
  await fill(asZhao(owner.id))
  await world.runJobs()
  await removeOperator(world.db, 1, owner.id)
  return owner.id
}

t.test('a shared audience of a removed owner is paused, taken over, and built with what the new owner sees', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  let id = 0
  const former = await removedOwner(world, all, async (operator) => { id = (await add(world, 'Everybody', everybody, { operator, shared: true, schedule: daily })).id })
  const manager = await signInWith(world, await makeRole(world, shop))
  const viewer = await signInWith(world, await makeRole(world, { ...shop, permissions: ['user_360.view', 'audiences.view'] }))
  await startDue({ db: world.db, queue, starters, log: { error() {} } }, new Date(Date.now() + 25 * 3_600_000))
  await world.runJobs()
  t.match(await audienceOf(world, id), { size: 5, paused: /was switched off or removed.+somebody else can take it over/ })
  const alerts = () => world.db.selectFrom('alerts').select('subject').where('ended_at', 'is', null).execute()
  t.match(await alerts(), [{ subject: `audience:${id}` }], 'administrators are told')

  t.match(plain((await manager.as({ url: '/audiences' })).body), 'Zhao Min (removed)')
  t.match((await manager.as({ url: `/audiences/${id}` })).body, `href="/audiences/${id}/ownership"`)
  t.notMatch((await viewer.as({ url: `/audiences/${id}` })).body, '/ownership')
  t.equal((await take(viewer.as, id)).statusCode, 403)
  const asked = plain((await manager.as({ url: `/audiences/${id}/ownership` })).body)
  for (const said of ['Take over Everybody?', 'It belongs to Zhao Min, whose account was removed', 'built with what you may see', 'the same schedule', 'It stays shared']) t.match(asked, said)
  t.equal((await take(manager.as, id)).headers.location, `/audiences/${id}`)

  const between = (await manager.as({ url: `/audiences/${id}` })).body
  t.match(between, 'yours')
  t.notMatch(between, /<dt>members<\/dt>/, 'how many somebody else saw is not told')
  await world.runJobs()
  t.match(await audienceOf(world, id), { owner: { id: manager.id, gone: '' }, size: 4, builtBy: 'Zhao Min', paused: null, job: { status: 'done' } })
  t.same(await members(world.as, 'any', id), ['1', '2', '3', '4'], 'who is in no source of the new owner left')
  t.match(await world.db.selectFrom('schedules').selectAll().execute(), [{ kind: 'audience', subject_id: id, operator_id: manager.id }])
  t.same(await alerts(), [])
  t.match(await world.db.selectFrom('history_entries').selectAll().where('title', '=', 'Audience Everybody of Zhao Min taken over').execute(), [{ kind: 'audience', operator_id: manager.id }])
  t.notMatch(plain((await world.as({ url: `/settings/operators/${former}/removal` })).body), /audiences?: /, 'nothing is left')
})

t.test('rules that the new owner does not see are not shown to them, and not asked', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const columns = await columnIds(world)
  const secret: Condition = { field: `tag:${columns['2.note'] ?? 0}`, operator: 'is', values: ['secret'] }
  let id = 0
  await removedOwner(world, all, async (operator) => { id = (await add(world, 'Noted', secret, { operator, shared: true })).id })
  const manager = await signInWith(world, await makeRole(world, shop))
  t.match(plain((await manager.as({ url: `/audiences/${id}/ownership` })).body), 'Its rules name something that you do not see')
  t.equal((await take(manager.as, id)).statusCode, 303)
  await world.runJobs()
  t.match(await audienceOf(world, id), { size: null, paused: /Put others in their place/, owner: { id: manager.id } })
  for (const url of [`/audiences/${id}`, `/audiences/${id}/edit`]) t.notMatch((await manager.as({ url })).body, /secret|Note\b/, url)
  t.same(await members(manager.as, 'any', id), [])
})

t.test('users who were chosen stay, as far as the new owner sees them', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  let id = 0
  await removedOwner(world, all, async (operator) => {
    const { access } = (await currentRights(world.db, await getCatalog(world.db), operator.id))!
    const { id: choice } = await world.db.insertInto('selections').values({ operator_id: operator.id, users: '2' }).returning('id').executeTakeFirstOrThrow()
    await world.db.insertInto('selected_users').values({ selection_id: choice, part: '1', user_ids: ['2', '7'] }).execute()
    id = (await addAudience(world.db, queue, access, { details: { name: 'Two', description: '', shared: true, groupId: null }, rules: null, selectionId: choice, schedule: null }, operator)).id
  })
  t.same(await members(world.as, 'any', id), ['2', '7'])
  const manager = await signInWith(world, await makeRole(world, shop))
  t.match(plain((await manager.as({ url: `/audiences/${id}/ownership` })).body), 'Those who were chosen stay in it')
  t.equal((await take(manager.as, id)).statusCode, 303)
  await world.runJobs()
  t.match(await audienceOf(world, id), { size: 1, owner: { id: manager.id } })
  t.same(await members(world.as, 'any', id), ['2'])
})

t.test('a private audience of somebody who is gone is for administrators, and for nobody else', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const ids: number[] = []
  const former = await removedOwner(world, shop, async (operator) => { for (const name of ['Mine', 'Mine too']) ids.push((await add(world, name, everybody, { operator })).id) })
  const [mine = 0, too = 0] = ids
  const manager = await signInWith(world, await makeRole(world, { ...shop, permissions: [...shop.permissions!, 'operators'] }))
  const never = await manager.as({ url: '/audiences/999/ownership' })
  for (const act of ['ownership', 'deletion']) for (const method of ['GET', 'POST'] as const) {
    const answer = await manager.as({ method, url: `/audiences/${mine}/${act}` })
    t.equal(answer.statusCode, 404)
    t.equal(plain(answer.body).replace(/[0-9a-f]{8}/g, ''), plain(never.body).replace(/[0-9a-f]{8}/g, ''), 'as if there were none')
  }
  t.notMatch((await manager.as({ url: `/settings/operators/${former}/removal` })).body, 'Mine')
  const page = (await world.as({ url: `/settings/operators/${former}/removal` })).body
  t.match(page, `href="/audiences/${mine}/ownership"`)
  t.match((await world.as({ url: `/audiences/${too}/deletion` })).body, `href="/settings/operators/${former}/removal"`, 'the way back leads where it was found')
  t.equal((await world.as({ method: 'POST', url: `/audiences/${too}/deletion` })).headers.location, `/settings/operators/${former}/removal`)
  t.equal((await take(world.as, mine)).headers.location, `/audiences/${mine}`)
  await world.runJobs()
  t.match(await audienceOf(world, mine), { owner: { id: 1 }, shared: false, size: 5 })
  t.match(await world.db.selectFrom('history_entries').select('title').where('kind', '=', 'audience').orderBy('id').execute().then((rows) => rows.map(({ title }) => title)), ['A private audience added', 'A private audience added', 'A private audience built', 'A private audience built', 'A private audience deleted', 'A private audience of Zhao Min taken over', 'A private audience built'])
})

t.test('nothing is taken from who is there, nor twice, nor under a name that is taken', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const owner = await signInWith(world, await makeRole(world, shop))
  const { id } = await add(world, 'Everybody', everybody, { operator: asZhao(owner.id), shared: true })
  const { id: hidden } = await add(world, 'Hidden', everybody, { operator: asZhao(owner.id) })
  await add(world, 'everybody', everybody)
  await world.runJobs()
  t.match((await world.as({ url: `/audiences/${id}/ownership` })).body, 'Zhao Min owns this audience and can sign in')
  t.equal((await take(world.as, id)).statusCode, 409)
  t.equal((await take(world.as, hidden)).statusCode, 404, 'an administrator learns nothing of what is private')
  t.match((await owner.as({ url: `/audiences/${id}/ownership` })).body, 'yours already')
  await world.as({ method: 'POST', url: `/settings/operators/${owner.id}/switch` })
  t.match((await world.as({ url: `/audiences/${id}/ownership` })).body, 'You have an audience of the name Everybody already')
  t.equal((await take(world.as, id)).statusCode, 409)
  const [one, other] = [await signInWith(world, await makeRole(world, shop)), await signInWith(world, await makeRole(world, shop))]
  const answers = await Promise.all([take(one.as, id), take(other.as, id)])
  t.same(answers.map(({ statusCode }) => statusCode).toSorted(), [303, 409], 'of two at once one gets it')
  t.equal((await audienceOf(world, id)).owner.gone, '')
})
