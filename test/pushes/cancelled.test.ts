import t from 'tap'
import { runJob } from '../../src/jobs/run-job.ts'
import { patience } from '../../src/pushes/deliver.ts'
import { continueRun } from '../../src/pushes/change-push.ts'
import { bearerOf } from '../api/bearer.ts'
import { build, type TestApp } from '../helper.ts'
import { read } from '../source.ts'
import { makeWorld } from '../users/world.ts'
import { makeAudience, makeDestination, outside, push, queue, receiver, runsOf, webhookAt } from './world.ts'

Object.assign(patience, { first: 5, longest: 20, down: 100, tries: 2 })

const lin = { id: 1, name: 'Lin Yating' }

/** A push of Lin's whose run waits; what its receiver answers can be changed. */
async function waiting(t: Parameters<typeof receiver>[0] & Parameters<typeof build>[0]) {
  const world = await build(t, { outside })
  await makeWorld(world)
  const answer = { status: 200 }
  const { url, received } = await receiver(t, () => ({ ...answer }))
  const audience = await makeAudience(world, lin, { and: [] })
  const pushId = await push(world, audience, await makeDestination(world, 'webhook', webhookAt(url)), lin)
  const jobOf = async () => (await runsOf(world, pushId)).at(-1)!.job_id!
  return { world, pushId, audience, received, answer, jobOf, cancel: async () => world.as({ method: 'POST', url: `/settings/jobs/${await jobOf()}/cancellation` }) }
}

const deletionOf = async ({ as }: TestApp, { id }: { id: number }) => (await as({ url: `/audiences/${id}/deletion` })).body

t.test('a push that waits ends when its job is cancelled, whoever looks at it, and lets go of its audience', async (t) => {
  const { world, pushId, audience, cancel } = await waiting(t)
  t.match(await deletionOf(world, audience), 'A push uses it')
  t.equal((await cancel()).statusCode, 303)
  t.match(await runsOf(world, pushId), [{ state: 'cancelled', ended_at: Date }])
  t.notMatch(await deletionOf(world, audience), 'A push uses it')
  const before = await runsOf(world, pushId)
  t.match((await world.as({ url: `/pushes/${pushId}` })).body, 'cancelled')
  t.same(await runsOf(world, pushId), before, 'looking at it changes nothing')
  t.equal((await world.as({ method: 'POST', url: `/pushes/${pushId}/runs` })).statusCode, 303, 'and it can run again')
  await world.runJobs()
  t.match(await runsOf(world, pushId), [{ state: 'cancelled' }, { state: 'done', sent: '4' }])
})

t.test('the same by the API', async (t) => {
  const { world, pushId, jobOf } = await waiting(t)
  const { send } = await bearerOf(world, 1)
  const answer = await send({ method: 'POST', url: `/api/v1/jobs/${await jobOf()}/cancellation`, key: 'once', json: {} })
  t.match(answer.json(), { status: 'cancelled' })
  t.match(await runsOf(world, pushId), [{ state: 'cancelled' }])
})

t.test('one that was to be continued is forgotten with whom it had left to send', async (t) => {
  const { world, pushId, audience, answer, cancel } = await waiting(t)
  answer.status = 503
  await world.runJobs()
  t.match(await runsOf(world, pushId), [{ state: 'interrupted' }])
  await continueRun(world.db, queue, pushId, (await runsOf(world, pushId))[0]!.id, lin)
  await cancel()
  t.match(await runsOf(world, pushId), [{ state: 'cancelled' }])
  t.same(await world.db.selectFrom('push_batches').selectAll().execute(), [])
  t.notMatch(await deletionOf(world, audience), 'A push uses it')
})

t.test('a run ends with a job that fails where nothing else could say so', async (t) => {
  const { world, pushId, jobOf } = await waiting(t)
  const { handlers } = await import('../../src/handlers.ts')
  const { pool, dataDir } = world
  const broken = { push: Object.assign(() => Promise.reject(new Error('no memory')), { ended: handlers['push']!.ended! }) }
  await runJob({ pool, dataDir, aesKey: null, timeZone: 'UTC', outside, log: { info() {}, error() {} } }, broken, await jobOf())
  t.match(await runsOf(world, pushId), [{ state: 'interrupted', problem: /^A fault of the console \(job \d+\)/ }])
  t.match((await world.as({ url: `/pushes/${pushId}` })).body, /continuation/, 'it can be continued')
})

t.test('a job that was cancelled just before it began is not begun', async (t) => {
  const { world, pushId, received, jobOf, cancel } = await waiting(t)
  const { handlers } = await import('../../src/handlers.ts')
  const { pool, dataDir } = world
  const lane = await pool.connect()
  const { laneOf } = await import('../../src/jobs/lanes.ts')
  const job = await world.db.selectFrom('jobs').selectAll().where('id', '=', await jobOf()).executeTakeFirstOrThrow()
  await lane.query('select pg_advisory_lock($1)', [laneOf(job).lock])
  const run = runJob({ pool, dataDir, aesKey: null, timeZone: 'UTC', outside, log: { info() {}, error() {} } }, handlers, job.id)
  await cancel()
  await lane.query('select pg_advisory_unlock($1)', [laneOf(job).lock])
  lane.release()
  await run
  t.same(received, [])
  t.match(await world.db.selectFrom('jobs').select('status').where('id', '=', job.id).executeTakeFirst(), { status: 'cancelled' })
  t.match(await runsOf(world, pushId), [{ state: 'cancelled' }])
})

t.test('runs that an older console left behind so are ended by the migration', async (t) => {
  const { world, pushId, audience, jobOf } = await waiting(t)
  const migration = read('migrations/0039_runs_of_cancelled_jobs.sql')
  await world.pool.query(migration)
  t.match(await runsOf(world, pushId), [{ state: 'waiting', ended_at: null }], 'what waits goes on waiting')
  await world.db.updateTable('jobs').set({ status: 'cancelled', ended_at: new Date() }).where('id', '=', await jobOf()).execute()
  await world.db.insertInto('push_batches').values({ run_id: (await runsOf(world, pushId))[0]!.id, number: 1, change: 'member', user_ids: ['1'] }).execute()
  await world.pool.query(migration)
  t.match(await runsOf(world, pushId), [{ state: 'cancelled', ended_at: Date }])
  t.notMatch(await deletionOf(world, audience), 'A push uses it')
})
