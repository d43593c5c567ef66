import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { startWorker } from '../../src/jobs/start-worker.ts'
import { queueImport } from '../../src/imports/queue-import.ts'
import { insertJob } from '../../src/jobs/queries.ts'
import { build } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'

const members: SeedStructure = {
  alias: 'Members', key: { column: 'no', idType: 'ONEID' },
  columns: [{ name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }, { name: 'points', kind: 'tag', type: 'number' }]
}
const rows = 60_000
const file = (points: number) => ['no,mobile,name,points', ...Array.from({ length: rows }, (_, index) => `M${index},${13_000_000_000 + index},Name ${index},${points}`)].join('\n')

const workerProgram = join(import.meta.dirname, 'worker-child.ts')

/** What pages would show: every value of the tag, and how many rows and users there are. */
async function shown(pool: pg.Pool): Promise<unknown> {
  const { rows: [source] } = await pool.query('select rows_table, values_table, row_count, user_count from sources')
  const { rows: [column] } = await pool.query(`select 'c' || id as name from source_columns where name = 'points'`)
  const { rows: points } = await pool.query(`select ${column.name} as points, count(*) as users from ${source.values_table} group by 1 order by 1`)
  const { rows: [state] } = await pool.query('select user_count from catalog_state')
  return { rows: source.row_count, users: source.user_count, all: state.user_count, points }
}

t.test('a run whose process is killed at any moment leaves the state before it, and the next start finishes it', { timeout: 180_000 }, async (t) => {
  const { pool, db, url } = await build(t)
  const folder = await mkdtemp(join(tmpdir(), 'u360-killed-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const { sourceId } = await seed({ url, pool, db }, members, file(0))
  const queue = { enqueue: insertJob, wake: async () => {}, stop: async () => {} }
  for (const [turn, pause] of [50, 400, 900, 1500].entries()) {
    const before = await shown(pool)
    const path = join(folder, `${turn}.csv`)
    await writeFile(path, file(turn + 1))
    const runId = await queueImport({ db, queue }, { sourceId, path, fileName: `${turn}.csv`, bytes: 1, whole: false, operator: null })
    const child = spawn(process.execPath, [workerProgram, url, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    await delay(pause)
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    const { rows: [job] } = await pool.query('select j.status from jobs j join import_runs r on r.job_id = j.id where r.id = $1', [runId])
    // The server notices the lost client a little later; until then its transaction is neither here nor there.
    await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'user-360-jobs%'`)
    if (job.status !== 'done') t.same(await shown(pool), before, `killed after ${pause} ms: as before the run`)
    else t.pass(`done before ${pause} ms had passed`)

    const log = { info() {}, error: (data: object, text: string) => { console.error(text, data) } }
    const worker = await startWorker({ url, dataDir: folder, aesKey: null, timeZone: 'UTC' }, log as never)
    for (let tries = 0; tries < 600; tries++) {
      const { rows: [now] } = await pool.query(`select count(*) filter (where status in ('waiting', 'running')) as open from jobs`)
      if (now.open === '0') break
      await delay(100)
    }
    await worker.stop()
    t.same(await shown(pool), { rows: String(rows), users: String(rows), all: String(rows), points: [{ points: String(turn + 1), users: String(rows) }] }, 'the next start finishes the run')
    const { rows: [run] } = await pool.query('select rows_changed, rows_unchanged from import_runs where id = $1', [runId])
    t.same(run, { rows_changed: String(rows), rows_unchanged: '0' }, 'and its counts are those of one run')
  }
})
