import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { requestRunUndo } from '../../src/imports/request-undo.ts'
import { insertJob } from '../../src/jobs/queries.ts'
import { startWorker } from '../../src/jobs/start-worker.ts'
import { build } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'

const members: SeedStructure = {
  alias: 'Members', key: { column: 'no', idType: 'ONEID' },
  columns: [{ name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }, { name: 'points', kind: 'tag', type: 'number' }]
}
const rows = 100_000
/** A file in which every row, or every tenth, says something else than the first file. */
const file = (points: number, every: number) => ['no,mobile,name,points', ...Array.from({ length: rows }, (_, index) => `M${index},${13_000_000_000 + index},Name ${index},${index % every ? 0 : points}`)].join('\n')

/** What pages would show: every value of the tag with its users, how many rows and users there are, and whether the run counts as undone. */
async function shown(pool: pg.Pool): Promise<unknown> {
  const { rows: [source] } = await pool.query('select rows_table, identities_table, values_table, row_count, user_count from sources')
  const { rows: [column] } = await pool.query(`select 'c' || id as name from source_columns where name = 'points'`)
  const { rows: points } = await pool.query(`select ${column.name} as points, count(*) as users from ${source.values_table} group by 1 order by 1`)
  const { rows: [state] } = await pool.query('select user_count, users_table from catalog_state')
  const { rows: [layers] } = await pool.query(`select (select count(*) from ${source.rows_table} where ${column.name} = 0) as unchanged, (select count(*) from ${source.identities_table}) as identities, (select count(*) from ${state.users_table}) as users, (select count(*) from overrides where ended_by_run is not null) as ended`)
  return { source: [source.row_count, source.user_count, state.user_count], points, layers }
}

t.test('an undo whose process is killed at any moment leaves the state before it, and the next start finishes it', { timeout: 900_000 }, async (t) => {
  const { pool, db, url } = await build(t)
  const folder = await mkdtemp(join(tmpdir(), 'u360-killed-undo-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const queue = { enqueue: insertJob, wake: async () => {}, stop: async () => {} }
  await seed({ url, pool, db }, members, file(0, 1))
  const { rows: [column] } = await pool.query(`select id from source_columns where name = 'points'`)
  await pool.query(`insert into overrides (row_number, source_id, column_id, type, value, policy) select n * 10 + 1, 1, $1, 'number', '"7"', 'until_import' from generate_series(0, 99) n`, [column.id])
  const log = { info() {}, error: (data: object, text: string) => { console.error(text, data) } }
  const work = async () => {
    const worker = await startWorker({ url, dataDir: folder, aesKey: null, timeZone: 'UTC' }, log as never)
    for (let tries = 0; tries < 1200; tries++) {
      const { rows: [now] } = await pool.query(`select count(*) filter (where status in ('waiting', 'running')) as open from jobs`)
      if (now.open === '0') break
      await delay(100)
    }
    await worker.stop()
  }
  await seed({ url, pool, db }, members, file(0, 1))
  const before = { source: [String(rows), String(rows), String(rows)], points: [{ points: '0', users: String(rows) }], layers: { unchanged: String(rows), identities: String(2 * rows), users: String(rows), ended: '100' } }
  t.same(await shown(pool), before, 'the first policies have ended')
  let ended = 100

  for (const [turn, [every, pause]] of ([[1, 300], [10, 1200], [1, 2500]] as const).entries()) {
    await pool.query(`insert into overrides (row_number, source_id, column_id, type, value, policy) select n * 10 + 1, 1, $1, 'number', '"7"', 'until_import' from generate_series(0, 99) n`, [column.id])
    const { runId } = await seed({ url, pool, db }, members, file(turn + 1, every))
    const after = await shown(pool)
    ended += 100
    t.match(after, { layers: { unchanged: every === 1 ? '0' : String(rows - rows / every), ended: String(ended) } })
    await requestRunUndo({ db, queue }, { id: runId, sourceId: 1, alias: 'Members' }, { id: 1, name: 'Lin Yating' })
    const child = spawn(process.execPath, [join(import.meta.dirname, 'worker-child.ts'), url, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    await delay(pause)
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    const { rows: [job] } = await pool.query(`select status from jobs where kind = 'undo_run' order by id desc limit 1`)
    // The server notices the lost client a little later; until then its transaction is neither here nor there.
    await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'user-360-jobs%'`)
    if (job.status !== 'done') t.same(await shown(pool), after, `killed after ${pause} ms: as before the undo`)
    else t.pass(`done before ${pause} ms had passed`)

    await work()
    ended -= 100
    t.match((await pool.query(`select status from jobs where kind = 'undo_run' order by id desc limit 1`)).rows, [{ status: 'done' }], 'the next start finishes the undo')
    const { points } = await shown(pool) as { points: unknown }
    t.same(await shown(pool), { ...before, points: [{ points: '0', users: String(rows - 100) }, { points: '7', users: '100' }], layers: { ...before.layers, ended: String(ended) } }, `everything is as before the run, and what it had ended shows again: ${JSON.stringify(points)}`)
    t.same((await pool.query('select count(*) as runs from import_runs where undone_by is not null')).rows, [{ runs: String(turn + 1) }], 'undone once')
    // Back to where the next turn begins.
    await seed({ url, pool, db }, members, file(0, 1))
    ended += 100
  }
})
