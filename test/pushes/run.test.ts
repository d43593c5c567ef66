import t from 'tap'
import { patience } from '../../src/pushes/deliver.ts'
import { runNow, sendAgain } from '../../src/pushes/change-push.ts'
import { build } from '../helper.ts'
import { makeAdministrator } from '../role.ts'
import { seed } from '../seed.ts'
import { columnIds, makeWorld } from '../users/world.ts'
import { makeAudience, makeDestination, outside, push, queue, receiver, runsOf, webhookAt } from './world.ts'

Object.assign(patience, { first: 5, longest: 20, down: 300, tries: 2 })

t.test('a push sends documents to a webhook in batches, and counts users by ID type', async (t) => {
  const world = await build(t, { outside })
  await makeWorld(world)
  const columns = await columnIds(world)
  const operator = await makeAdministrator(world.db, 'Zhao Min')
  const { url, received } = await receiver(t)
  const pushId = await push(world, await makeAudience(world, operator, { and: [] }), await makeDestination(world, 'webhook', webhookAt(url)), operator, { idTypes: ['MOBILE'], fields: [{ ref: `tag:${columns['1.likes']}`, name: 'likes' }] })
  await world.runJobs()
  const [run] = await runsOf(world, pushId)
  t.match(run, { state: 'done', total: '5', sent: '4', refused: '0', left_out: '1', counts: { MOBILE: 4 } })
  t.same(received.flatMap(({ body }) => body.users.map(({ userId, fields }) => [userId, fields['likes']])), [['1', ['tea', 'hiking']], ['2', ['tea']], ['4', ['coffee']], ['7', null]], 'in order; user 3 has no mobile number')
  t.same(received.map(({ key }) => key), [`${run!.id}-1`, `${run!.id}-2`, `${run!.id}-3`])
  t.same(await world.db.selectFrom('push_batches').selectAll().execute(), [], 'nothing is left to send')
  const entry = await world.db.selectFrom('history_entries').selectAll().where('title', '=', 'Users pushed').executeTakeFirstOrThrow()
  t.match(entry, { operator_name: 'Zhao Min', users_affected: '4', kind: 'push' })
})

t.test('only the change is sent: who came, who left, and nobody twice', async (t) => {
  const world = await build(t, { outside })
  await makeWorld(world)
  const operator = await makeAdministrator(world.db, 'Zhao Min')
  const { url, received } = await receiver(t)
  const audience = await makeAudience(world, operator, { field: 'attribute:city', operator: 'is', values: ['Berlin'] })
  const pushId = await push(world, audience, await makeDestination(world, 'webhook', webhookAt(url)), operator, { scope: 'change' })
  await world.runJobs()
  const sent = () => received.splice(0).flatMap(({ body }) => body.users.map(({ userId, change, ids }) => [userId, change, ids[0]?.value ?? null]))
  t.same(sent(), [['2', 'came', '13900000002'], ['4', 'came', '13900000004']])
  await runNow(world.db, queue, pushId, operator)
  await world.runJobs()
  t.same(sent(), [], 'nothing changed')
  await world.db.updateTable('audiences').set({ rules: JSON.stringify({ field: 'attribute:name', operator: 'is', values: ['Olivia', 'Nobody'] }) }).where('id', '=', audience.id).execute()
  await (await import('../../src/audiences/rebuild.ts')).rebuild(world.db, queue, (await (await import('../../src/audiences/queries.ts')).findAudience(world.db, audience.id))!, operator)
  await world.runJobs()
  await runNow(world.db, queue, pushId, operator)
  await world.runJobs()
  t.match(sent(), [['7', 'came', /^[0-9a-f]{32}$/], ['4', 'left', '13900000004']])
  t.same((await world.db.selectFrom('pushed_users').select('user_id').orderBy('user_id').execute()).map((row) => row.user_id), ['2', '7'])
})

t.test('a user whom the receiver refuses does not stop the others, is kept with the reason, and can be sent again', async (t) => {
  const world = await build(t, { outside })
  await makeWorld(world)
  const operator = await makeAdministrator(world.db, 'Zhao Min')
  let takes = false
  const { url, received } = await receiver(t, ({ body }) => ({ status: 200, body: JSON.stringify(takes ? {} : { refused: body.users.filter(({ userId }) => userId === '2').map(({ userId }) => ({ userId, reason: 'unknown country' })) }) }))
  const pushId = await push(world, await makeAudience(world, operator, { and: [] }), await makeDestination(world, 'webhook', webhookAt(url)), operator)
  await world.runJobs()
  const [run] = await runsOf(world, pushId)
  t.match(run, { state: 'done', sent: '3', refused: '1' })
  t.match(await world.db.selectFrom('push_failures').selectAll().execute(), [{ user_id: '2', reason: 'The receiver refuses this user: unknown country', again_run: null }])
  takes = true
  received.splice(0)
  await sendAgain(world.db, queue, pushId, run!.id, operator)
  await world.runJobs()
  t.same(received.flatMap(({ body }) => body.users.map(({ userId }) => userId)), ['2'])
  t.match((await runsOf(world, pushId))[1], { state: 'done', total: '1', sent: '1', again_of: run!.id })
  await t.rejects(sendAgain(world.db, queue, pushId, run!.id, operator), /nobody of this run/)
})

t.test('a destination that is down is waited for; where that takes too long the run is interrupted, and goes on from there', async (t) => {
  const world = await build(t, { outside })
  await makeWorld(world)
  const operator = await makeAdministrator(world.db, 'Zhao Min')
  let state: 'up' | 'stumbles' | 'down' = 'stumbles'
  let asked = 0
  const { url, received } = await receiver(t, () => { asked++; return { status: state === 'down' || (state === 'stumbles' && asked < 6) ? 503 : 200 } })
  const pushId = await push(world, await makeAudience(world, operator, { and: [] }), await makeDestination(world, 'webhook', webhookAt(url, 1)), operator)
  const { continueRun } = await import('../../src/pushes/change-push.ts')
  patience.down = 60_000
  await world.runJobs()
  t.match((await runsOf(world, pushId))[0], { state: 'done', sent: '4' }, 'it was tried again')
  t.same(new Set(received.map(({ key }) => key)).size, 4)

  await seed(world, { alias: 'More', key: { column: 'no' }, columns: [{ name: 'no', kind: 'ignore', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }] }, 'no,phone\nx,13911112222\n')
  patience.down = 50
  received.splice(0)
  state = 'down'
  await runNow(world.db, queue, pushId, operator)
  await world.runJobs()
  const [, run] = await runsOf(world, pushId)
  t.match(run, { state: 'interrupted', sent: '0', problem: 'The receiver has a fault (503).' })
  t.match(await world.db.selectFrom('jobs').select(['status', 'error']).where('id', '=', run!.job_id).executeTakeFirst(), { status: 'stopped', error: /0 of 5 users were sent; the run can be continued/ })
  state = 'up'
  await continueRun(world.db, queue, pushId, run!.id, operator)
  await world.runJobs()
  t.match((await runsOf(world, pushId))[1], { state: 'done', sent: '4', problem: null })
  t.same(received.flatMap(({ body }) => body.users.map(({ userId }) => userId)), ['1', '2', '4', '7'], 'those who were frozen when it began')
  await t.rejects(continueRun(world.db, queue, pushId, run!.id, operator), /cannot be continued/)
})

t.test('who may not push any more, or sees less, pushes nothing that is not theirs', async (t) => {
  const world = await build(t, { outside })
  await makeWorld(world)
  const operator = await makeAdministrator(world.db, 'Zhao Min')
  const { url, received } = await receiver(t)
  const pushId = await push(world, await makeAudience(world, operator, { and: [] }), await makeDestination(world, 'webhook', webhookAt(url)), operator)
  await world.db.updateTable('operators').set({ disabled_at: new Date() }).where('id', '=', operator.id).execute()
  await world.runJobs()
  t.same(received, [])
  t.match((await runsOf(world, pushId))[0], { state: 'interrupted', problem: /The account of Zhao Min was switched off/ })
  t.match(await world.db.selectFrom('pushes').select('paused').executeTakeFirst(), { paused: /switched off/ })
  t.match(await world.db.selectFrom('alerts').selectAll().execute(), [{ subject: `push:${pushId}`, permission: 'destinations', message: /^Push \d+ to A webhook is paused: The account/ }])
  await t.rejects(runNow(world.db, queue, pushId, operator), /This push is paused/)
})
