import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import { queueImport } from '../../src/imports/queue-import.ts'
import { dataLane } from '../../src/jobs/lanes.ts'
import { insertJob } from '../../src/jobs/queries.ts'
import { openQueue, type Queue } from '../../src/jobs/queue.ts'
import { startWorker } from '../../src/jobs/start-worker.ts'
import { build, type TestApp } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'

const members: SeedStructure = { alias: 'Members', key: { column: 'no' }, columns: [{ name: 'no', kind: 'ignore', type: 'text' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'points', kind: 'tag', type: 'number', tagName: 'Points' }] }
const file = (points: number, rows = 50) => ['no,mobile,points', ...Array.from({ length: rows }, (_, index) => `M${index},${13_000_000_000 + index},${points}`)].join('\n')
const quiet = { info() {}, error: (data: object, text: string) => { console.error(text, data) } }

/** A transaction that holds a table or a lane until it is let go. */
async function hold(t: Test, app: TestApp, statement: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: app.url })
  await client.connect()
  await client.query('begin')
  await client.query(statement)
  let held = true
  const letGo = async () => { if (held) { held = false; await client.end() } }
  t.teardown(letGo)
  return letGo
}

async function becomes(app: TestApp, jobId: number, status: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const job = await app.db.selectFrom('jobs').select(['status', 'error']).where('id', '=', jobId).executeTakeFirstOrThrow()
    if (job.status === status) return
    if (job.status === 'failed') throw new Error(job.error ?? 'failed')
    await delay(50)
  }
  throw new Error(`job ${jobId} did not become ${status} within 30 s`)
}

const statusOf = async (app: TestApp, jobId: number) => (await app.db.selectFrom('jobs').select('status').where('id', '=', jobId).executeTakeFirstOrThrow()).status
const order = (app: TestApp) => insertJob(app.db, { kind: 'statistics', title: 'Counting values', payload: {}, operatorId: null })

async function counted(app: TestApp): Promise<unknown> {
  const { id } = await app.db.selectFrom('source_columns').select('id').where('name', '=', 'points').executeTakeFirstOrThrow()
  return (await app.db.selectFrom('field_statistics').select('top_values').where('field', '=', `c${id}`).executeTakeFirst())?.top_values
}

/** The values of the imported tag are counted, now or soon. */
async function shows(t: Test, app: TestApp, value: string, message: string): Promise<void> {
  const expected = [{ count: 50, value }]
  for (let tries = 0; tries < 600 && JSON.stringify(await counted(app)) !== JSON.stringify(expected); tries++) await delay(50)
  t.same(await counted(app), expected, message)
}

async function begin(t: Test, app: TestApp): Promise<void> {
  const worker = await startWorker({ url: app.url, dataDir: app.dataDir, aesKey: null, timeZone: 'UTC' }, quiet as never)
  t.teardown(() => worker.stop())
}

async function orderImport(app: TestApp, queue: Queue, sourceId: number, points: number): Promise<number> {
  const path = join(app.dataDir, `${points}.csv`)
  await writeFile(path, file(points))
  const runId = await queueImport({ db: app.db, queue }, { sourceId, path, fileName: 'members.csv', bytes: 1, whole: false, operator: null })
  return (await app.db.selectFrom('import_runs').select('job_id').where('id', '=', runId).executeTakeFirstOrThrow()).job_id
}

t.test('an import never waits for a count, nor a count for an import', async (t) => {
  const app = await build(t)
  const { sourceId } = await seed(app, members, file(0))
  const queue = await openQueue(app.url, quiet)
  t.teardown(() => queue.stop())
  await begin(t, app)
  const letCount = await hold(t, app, 'lock table field_statistics in access exclusive mode')
  const count = await order(app)
  await queue.wake(count)
  await becomes(app, count, 'running')
  const first = await orderImport(app, queue, sourceId, 1)
  await becomes(app, first, 'done')
  t.equal(await statusOf(app, count), 'running', 'the import is done while the count is still at work')
  await letCount()
  await becomes(app, count, 'done')
  await shows(t, app, '1', 'the count that the import ordered was done too')

  const letImport = await hold(t, app, `select pg_advisory_lock(${dataLane.lock})`)
  const second = await orderImport(app, queue, sourceId, 2)
  const alone = await order(app)
  await queue.wake(alone)
  await becomes(app, alone, 'done')
  t.equal(await statusOf(app, second), 'waiting', 'the import waits for the lane of data, the count does not')
  await letImport()
  await becomes(app, second, 'done')
})

t.test('jobs of both lanes that were at work when the process was killed are done by the next start', { timeout: 120_000 }, async (t) => {
  const app = await build(t)
  const { sourceId } = await seed(app, members, file(0))
  const letCount = await hold(t, app, 'lock table field_statistics in access exclusive mode')
  const path = join(import.meta.dirname, '../imports/worker-child.ts')
  const count = await order(app)
  const run = await orderImport(app, { enqueue: insertJob, wake: async () => {}, stop: async () => {} }, sourceId, 3)
  const letRun = await hold(t, app, 'lock table rejected_rows in access exclusive mode')
  const child = spawn(process.execPath, [path, app.url, app.dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  await Promise.all([becomes(app, count, 'running'), becomes(app, run, 'running')])
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  t.same([await statusOf(app, count), await statusOf(app, run)], ['running', 'running'])
  await letCount()
  await letRun()
  await begin(t, app)
  await Promise.all([becomes(app, count, 'done'), becomes(app, run, 'done')])
  await shows(t, app, '3', 'and so is the count that the import ordered')
})

t.test('of several counts that wait the last one counts for all', async (t) => {
  const app = await build(t)
  await seed(app, members, file(4))
  const jobs = [await order(app), await order(app), await order(app)]
  await app.runJobs()
  const results = await app.db.selectFrom('jobs').select('result').where('id', 'in', jobs).orderBy('id').execute()
  t.same(results.map((row) => (row.result as { fields: number }).fields > 0), [false, false, true])
  t.same(await counted(app), [{ count: 50, value: '4' }])
})

t.test('an import goes on while tables it writes are tidied up', async (t) => {
  const app = await build(t)
  await seed(app, members, file(5, 400))
  const { rows: tables } = await app.pool.query(`select unnest(array[rows_table, identities_table, values_table]) as name from sources union select users_table from catalog_state`)
  // The lock that VACUUM takes.
  const letGo = await hold(t, app, tables.map((table) => `lock table ${table.name} in share update exclusive mode`).join('; '))
  const outcome = await Promise.race([
    (async () => {
      await seed(app, members, file(6, 10))
      await seed(app, members, file(7, 400))
      return 'done'
    })(), delay(60_000, 'waits')
  ])
  t.equal(outcome, 'done', 'a small change in place and a new version')
  await letGo()
})
