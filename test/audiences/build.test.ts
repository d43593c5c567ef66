import t from 'tap'
import type { Condition } from '../../src/catalog/condition.ts'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { columnIds, makeWorld, where } from '../users/world.ts'
import { startDue } from '../../src/schedules/keep-schedules.ts'
import { starters } from '../../src/starters.ts'
import { add, audienceOf, members, queue } from './world.ts'

const named = (value: string): Condition => ({ field: 'attribute:city', operator: 'contains', values: [value] })

t.test('an audience holds whom its rules find, and says who came and who left since the build before', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const columns = await columnIds(world)
  const { id } = await add(world, 'Berlin', named('berlin'))
  t.same(await members(world.as, 'any', id), [], 'nobody before it is built')
  await world.runJobs()
  t.same(await members(world.as, 'any', id), ['2', '4'])
  t.same(await members(world.as, 'none', id), ['1', '3', '7'])
  t.match(await audienceOf(world, id), { size: 2, came: 0, went: 0, builtBy: 'Lin Yating', paused: null, job: { status: 'done' } })

  const tea: Condition = { field: `tag:${columns['1.likes'] ?? 0}`, operator: 'any', values: ['tea'] }
  const { id: both } = await add(world, 'Tea in Berlin', { and: [tea, { audience: { how: 'any', ids: [id] } }] })
  const { id: except } = await add(world, 'Tea elsewhere', { and: [tea, { not: { audience: { how: 'all', ids: [id] } } }] })
  await world.runJobs()
  t.same(await members(world.as, 'any', both), ['2'])
  t.same(await members(world.as, 'any', except), ['1'])
  t.same(await members(world.as, 'any', both, except), ['1', '2'])
  t.same(await members(world.as, 'all', both, id), ['2'])
  t.same(await members(world.as, 'none', both, except), ['3', '4', '7'])

  const since = async () => (await world.pool.query('select members_table from audiences where id = $1', [id])).rows[0].members_table as string
  const first = await world.pool.query(`select row_number, since from ${await since()} order by 1`)
  await world.db.updateTable('audiences').set({ rules: JSON.stringify({ or: [{ field: 'id', operator: 'is', values: ['2', '1'] }] }) }).where('id', '=', id).execute()
  const page = await world.as({ method: 'POST', url: `/audiences/${id}/builds` })
  t.equal(page.statusCode, 303)
  await world.runJobs()
  t.match(await audienceOf(world, id), { size: 2, came: 1, went: 1 })
  const second = await world.pool.query(`select row_number, since from ${await since()} order by 1`)
  t.same(second.rows.map((one) => one.row_number), ['1', '2'])
  t.same(second.rows[1].since, first.rows[0].since, 'who was in before keeps the time')
  const overview = await world.as({ url: `/audiences/${id}` })
  t.match(overview.body, /<dt>came with the last build<\/dt><dd>1<\/dd>/)
  t.equal((await world.as({ url: '/users/count?' + where(['audience', 'any', String(id)]) })).body.match(/2 match/)?.[0], '2 match')
})

t.test('an audience is built by its schedule, after an import too; where that fails, administrators are told', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const role = await makeRole(world, { permissions: ['user_360.view', 'audiences.view', 'audiences.manage'], sources: { 1: { otherwise: 'full' } }, otherAttributes: 'full' })
  const owner = await signInWith(world, role)
  const schedule = { every: 'day', at: '06:00', timeZone: 'Asia/Shanghai', start: null, end: null } as const
  const { id } = await add(world, 'Daily', { and: [] }, { operator: { id: owner.id, name: 'Zhao Min' }, schedule })
  await world.runJobs()
  const settings = { db: world.db, queue, starters, log: { error() {} } }
  t.same(await startDue(settings), [], 'not before its time')
  const later = new Date(Date.now() + 25 * 3_600_000)
  t.equal((await startDue(settings, later)).length, 1)
  await world.runJobs()
  t.match(await audienceOf(world, id), { builtBy: null, paused: null, size: 4 })
  await world.db.updateTable('operators').set({ disabled_at: new Date() }).where('id', '=', owner.id).execute()
  await startDue(settings, new Date(later.getTime() + 25 * 3_600_000))
  await world.runJobs()
  t.match(await world.db.selectFrom('alerts').select(['subject', 'message', 'href']).executeTakeFirst(), { subject: `audience:${id}`, message: /^The building of a private audience of Zhao Min was stopped: The account of Zhao Min was switched off/, href: `/settings/operators/${owner.id}` })
  t.match((await world.as({ url: '/users' })).body, /The building of a private audience of Zhao Min/)
  t.same(await startDue(settings, new Date(later.getTime() + 50 * 3_600_000)), [], 'once is enough: it is paused')
})

t.test('an audience whose owner is switched off, or may not manage audiences, is paused and keeps its members', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const role = await makeRole(world, { permissions: ['user_360.view', 'audiences.view', 'audiences.manage'], sources: { 1: { otherwise: 'full' } }, otherAttributes: 'full' })
  const owner = await signInWith(world, role)
  const { id } = await add(world, 'Mine', { and: [] }, { operator: { id: owner.id, name: 'Zhao Min' } })
  await world.runJobs()
  t.same(await members(owner.as, 'any', id), ['1', '2', '3', '4'], 'only whom the owner finds')
  await world.db.updateTable('roles').set({ permissions: ['user_360.view', 'audiences.view'] }).where('id', '=', role).execute()
  await world.db.updateTable('catalog_state').set((eb) => ({ version: eb('version', '+', '1') })).execute()
  const rebuild = async () => { await world.db.insertInto('jobs').values({ kind: 'audience', title: 'Building an audience', payload: JSON.stringify({ audienceId: id, operator: null }) }).execute(); await world.runJobs() }
  await rebuild()
  t.match((await audienceOf(world, id)).paused, /do not include managing audiences/)
  t.same(await members(owner.as, 'any', id), ['1', '2', '3', '4'])
  t.match((await owner.as({ url: `/audiences/${id}` })).body, /paused/)
  await world.db.updateTable('operators').set({ disabled_at: new Date() }).where('id', '=', owner.id).execute()
  await rebuild()
  t.match((await audienceOf(world, id)).paused, /was switched off/)
})
