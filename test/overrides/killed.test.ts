import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import t from 'tap'
import { getCatalog } from '../../src/catalog/queries.ts'
import { insertJob } from '../../src/jobs/queries.ts'
import { startWorker } from '../../src/jobs/start-worker.ts'
import { insertSelection } from '../../src/overrides/queries/selections.ts'
import { openTestDatabase, type TestDatabase } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'
import { makeAdministrator } from '../role.ts'

const members: SeedStructure = { alias: 'Members', key: { column: 'no' }, columns: [{ name: 'no', kind: 'ignore', type: 'text' }, { name: 'level', kind: 'tag', type: 'text' }, { name: 'likes', kind: 'tag', type: 'multi', delimiter: '|' }] }
const rows = 110_000
const tagged = 100_000
const workerProgram = join(import.meta.dirname, '../imports/worker-child.ts')

/** What pages would show of the tag, what is recorded, and what the history says. */
async function state({ db, pool }: TestDatabase): Promise<unknown> {
  const { sources: [source] } = await getCatalog(db)
  const level = source!.columns.find((column) => column.name === 'level')!.column
  const { rows: shown } = await pool.query(`select ${level} as level, count(*)::int as users from ${source!.valuesTable} group by 1 order by 1`)
  const { rows: [decided] } = await pool.query('select count(*)::int as decisions, count(undone_by)::int as undone from overrides')
  const { rows: entries } = await pool.query(`select kind, users_affected::int as users, undone_by is not null as undone from history_entries where kind in ('batch', 'undo') order by id`)
  return { shown, decided, entries }
}

/** Starts the process that works, kills it after a while, and waits until the server has noticed. */
async function killAfter({ url, pool }: TestDatabase, folder: string, pause: number): Promise<void> {
  const child = spawn(process.execPath, [workerProgram, url, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  await delay(pause)
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'user-360-jobs%'`)
  await delay(200)
}

async function finish({ url, pool }: TestDatabase, folder: string): Promise<void> {
  const log = { info() {}, error: (data: object, text: string) => { console.error(text, data) } }
  const worker = await startWorker({ url, dataDir: folder, aesKey: null, timeZone: 'UTC' }, log as never)
  for (let tries = 0; tries < 1200; tries++) {
    const { rows: [now] } = await pool.query(`select count(*) filter (where status in ('waiting', 'running')) as open from jobs`)
    if (now.open === '0') break
    await delay(100)
  }
  await worker.stop()
}

t.test('a batch or an undo whose process is killed at any moment leaves the state before it, and the next start finishes it', { timeout: 400_000 }, async (t) => {
  const database = await openTestDatabase(t)
  const { db } = database
  const folder = await mkdtemp(join(tmpdir(), 'u360-killed-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await seed(database, members, ['no,level,likes', ...Array.from({ length: rows }, (_, n) => `M${n},,tea|golf`)].join('\n'))
  const operator = await makeAdministrator(db, 'A')
  const catalog = await getCatalog(db)
  const ref = `tag:${catalog.sources[0]!.columns.find((column) => column.name === 'level')!.id}`
  const selection = await db.transaction().execute((trx) => insertSelection(trx, { operatorId: operator.id, query: null }, sql`select user_id from ${sql.table(catalog.usersTable)} order by user_id limit ${tagged}`))
  const statusOf = async (jobId: number) => (await db.selectFrom('jobs').select('status').where('id', '=', jobId).executeTakeFirstOrThrow()).status

  const interrupted: string[] = []
  async function killed(what: string, jobId: number): Promise<void> {
    const before = await state(database)
    for (const pause of [100, 300, 600, 1000]) {
      await killAfter(database, folder, pause)
      if (await statusOf(jobId) === 'done') {
        t.pass(`the ${what} was done before it was killed after ${pause} ms`)
        return
      }
      interrupted.push(what)
      t.same(await state(database), before, `${what} killed after ${pause} ms: as before it`)
    }
    await finish(database, folder)
  }

  await killed('batch', await insertJob(db, { kind: 'batch', title: 'Batch', operatorId: operator.id, payload: { kind: 'batch', title: 'Batch', selectionId: selection.id, ref, change: { mode: 'set', value: 'Gold' }, policy: 'keep', operator } }))
  const done = await state(database)
  t.same(done, {
    shown: [{ level: 'Gold', users: tagged }, { level: null, users: rows - tagged }], decided: { decisions: tagged, undone: 0 },
    entries: [{ kind: 'batch', users: tagged, undone: false }]
  }, 'all of it, once')
  const entry = await db.selectFrom('history_entries').select('id').where('kind', '=', 'batch').executeTakeFirstOrThrow()
  await killed('undo', await insertJob(db, { kind: 'undo', title: 'Undo', operatorId: operator.id, payload: { entryId: entry.id, operator } }))
  t.match(await state(database), { shown: [{ level: null, users: rows }], decided: { decisions: tagged, undone: tagged }, entries: [{ kind: 'batch', undone: true }, { kind: 'undo', users: tagged }] }, 'taken back, once')
  t.ok(interrupted.includes('batch') && interrupted.includes('undo'), `both were met at work: ${interrupted.join(', ')}`)
})
