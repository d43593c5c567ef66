import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { makeMatchingFolder } from '../../src/pushes/files.ts'
import { build } from '../helper.ts'
import { makeAdministrator } from '../role.ts'
import { makeWorld } from '../users/world.ts'
import { makeAudience, makeDestination, outside, push, receiver, runsOf, webhookAt } from './world.ts'

t.test('who is erased is in no push any more: not among failed ones, not among those sent or still to send, in no file', async (t) => {
  const world = await build(t, { outside })
  await makeWorld(world)
  const operator = await makeAdministrator(world.db, 'Zhao Min')
  const { url, received } = await receiver(t, ({ body }) => ({ status: 200, body: JSON.stringify({ refused: body.users.filter(({ userId, change }) => userId === '2' && change === 'member').map(({ userId }) => ({ userId })) }) }))
  const [audience, destination] = [await makeAudience(world, operator, { and: [] }), await makeDestination(world, 'webhook', webhookAt(url))]
  await push(world, audience, destination, operator)
  await push(world, audience, destination, operator, { scope: 'change' })
  await world.runJobs()
  const alone = await push(world, audience, destination, operator, { person: '2' })
  const [waiting] = await runsOf(world, alone)
  await world.db.insertInto('push_batches').values({ run_id: waiting!.id, number: 9, change: 'member', user_ids: ['1', '2', '4'] }).execute()
  await world.db.updateTable('push_runs').set({ total: '3', file: 'x.zip', made_at: new Date() }).where('id', '=', waiting!.id).execute()
  await writeFile(join(await makeMatchingFolder(world.dataDir), 'x.zip'), 'hashes')
  t.same((await world.db.selectFrom('push_failures').select('user_id').execute()).map((row) => row.user_id), ['2'])
  t.ok((await world.db.selectFrom('pushed_users').select('user_id').execute()).some((row) => row.user_id === '2'))

  received.splice(0)
  await world.as({ method: 'POST', url: '/users/2/erasure', form: { number: '2' } })
  const { id } = await world.db.selectFrom('jobs').select('id').where('kind', '=', 'erase').executeTakeFirstOrThrow()
  await world.db.updateTable('jobs').set({ status: 'failed' }).where('id', '<', id).where('status', '=', 'waiting').execute()
  await world.runJobs()
  t.same(await world.db.selectFrom('push_failures').select('user_id').execute(), [])
  t.same((await world.db.selectFrom('pushed_users').select('user_id').orderBy('user_id').execute()).map((row) => row.user_id), ['1', '4', '7'])
  t.same((await world.db.selectFrom('push_batches').select('user_ids').execute()).map((row) => row.user_ids), [['1', '4']])
  t.match(await world.db.selectFrom('pushes').selectAll().where('id', '=', alone).executeTakeFirst(), { person: '0', ended_at: Date })
  t.same(await readdir(join(world.dataDir, 'pushes')), [])
  t.same(received, [])
})
