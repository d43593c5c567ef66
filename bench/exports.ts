import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { to } from 'pg-copy-streams'
import { Access } from '../src/access/access.ts'
import { getCatalog } from '../src/catalog/queries.ts'
import { exportColumns, exportKinds } from '../src/exports/column.ts'
import { getExportOfJob } from '../src/exports/queries.ts'
import { requestExport } from '../src/exports/request-export.ts'
import { writeZip, zipLevel } from '../src/exports/write-zip.ts'
import { findJob } from '../src/jobs/queries.ts'
import { yieldToPages } from '../src/jobs/transaction.ts'
import { startConsole, type Console } from './console.ts'
import { processCpu, serverCpu } from './cpu.ts'
import { writeLines } from './data-file.ts'
import { findOrMakeSource, importFile, waitUntilIdle } from './imports.ts'
import { peakOf, resetPeak } from './memory.ts'
import { watchStatements } from './statements.ts'
import { count, megabytes, seconds, times, type ResultTable } from './table.ts'
import { median } from './timing.ts'
import { wideColumns, wideLines } from './wide-people.ts'

const turns = 3
const source = 'wide'
const mostMemory = 300 * 1024 * 1024

/** The export of all users with 3 IDs, 8 attributes and 27 tags, by turns with a bare COPY of the same columns into a ZIP. In a console of its own, so that nobody else is in it. */
export async function measureExports(folder: string, rows: number, table: ResultTable): Promise<void> {
  const own = join(folder, 'exports')
  await mkdir(own, { recursive: true })
  const console_ = await startConsole(own)
  try {
    await loadWide(console_, own, rows)
    const [bare, exports]: [Spent[], Spent[]] = [[], []]
    for (let turn = 0; turn < turns; turn++) {
      bare.push(await copyBare(console_, join(own, 'bare.zip')))
      exports.push(await exportAll(console_))
    }
    const few = await exportAll(console_, `where=${encodeURIComponent(JSON.stringify([['attribute:city', 'is', 'Berlin']]))}`)
    addTo(table, bare, exports, few)
  } finally {
    await console_.stop()
  }
}

/** The wide file, imported where it is not there yet. */
export async function loadWide(console_: Console, folder: string, rows: number): Promise<void> {
  const { sources } = await getCatalog(console_.db)
  if (sources.some((one) => one.rowsTable)) return
  const path = join(folder, `wide-${rows}.csv`)
  await writeLines(path, wideLines(rows))
  await findOrMakeSource(console_, source, wideColumns)
  console.log('Importing the file to export …')
  await importFile(console_, await watchStatements(console_.pool, console_.dataDir), source, path)
  await waitUntilIdle(console_)
}

interface Spent { seconds: number; cpu: number; rows: number; bytes: number; peak: number }

/** As somebody would do it by hand: the columns as they stand in their three tables, in the same order, packed alike. */
async function copyBare({ db, pool }: Console, path: string): Promise<Spent> {
  const { usersTable, attributes, sources: [wide] } = await getCatalog(db)
  const names = (kind: string) => wide!.columns.filter((column) => column.kind === kind).map(({ column }) => column)
  const columns = ['u.user_id', ...attributes.filter(({ code }) => code !== 'province').map(({ column }) => `u.${column}`), ...names('id').map((name) => `r.${name}`), ...names('tag').map((name) => `v.${name}`)]
  const statement = `select ${columns.join(', ')} from ${usersTable} u join ${wide!.valuesTable} v on v.user_id = u.user_id join ${wide!.rowsTable} r on r.row_number = u.user_id order by u.user_id`
  const client = await pool.connect()
  try {
    const { rows: [backend] } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    await yieldToPages(backend?.pid ?? 0)
    await client.query('set max_parallel_workers_per_gather = 0; set jit = off')
    const [server, own, start] = [await serverCpu(pool), process.cpuUsage(), performance.now()]
    const copy = client.query(to(`copy (${statement}) to stdout (format csv)`))
    const bytes = await writeZip(path, 'users.csv', copy)
    const took = (performance.now() - start) / 1000
    const { user, system } = process.cpuUsage(own)
    return { seconds: took, cpu: await serverCpu(pool) - server + (user + system) / 1e6, rows: (copy as unknown as { rowCount: number }).rowCount, bytes, peak: NaN }
  } finally {
    client.release(true)
    await rm(path, { force: true })
  }
}

/** From the moment the job begins to the one in which its file can be fetched. */
async function exportAll(console_: Console, query = ''): Promise<Spent> {
  const { db, queue, pid, pool } = console_
  const operator = await db.selectFrom('operators').select(['id', 'name']).executeTakeFirstOrThrow()
  const access = Access.full(await getCatalog(db))
  const items = exportKinds(access).flatMap((kind) => kind.items.map(({ ref }) => ref)).filter((ref) => !['created', 'source', 'attribute:province'].includes(ref))
  if (exportColumns(access, items).length !== 1 + 8 + 3 + 27) throw new Error('These are not the columns to be measured')
  resetPeak(pid)
  const before = await serverCpu(pool) + processCpu(pid)
  // As many as an operator may order in an hour are not enough for who measures often.
  await db.deleteFrom('exports').where('file', 'is', null).execute()
  const jobId = await requestExport(db, queue, access, { items, query, bom: true, guard: true, expected: access.userCount }, operator)
  await queue.wake(jobId)
  for (;;) {
    const job = await findJob(db, jobId)
    if (job?.status === 'done') {
      const made = await getExportOfJob(db, jobId)
      return { seconds: ((job.ended_at?.getTime() ?? NaN) - (job.started_at?.getTime() ?? NaN)) / 1000, cpu: await serverCpu(pool) + processCpu(pid) - before, rows: made.rows ?? 0, bytes: made.bytes ?? 0, peak: peakOf(pid) }
    }
    if (job && job.status !== 'waiting' && job.status !== 'running') throw new Error(`The export ended as ${job.status}: ${job.error}`)
    await sleep(20)
  }
}

function addTo(table: ResultTable, bare: Spent[], exports: Spent[], few: Spent): void {
  const rate = (list: Spent[]) => median(list.map((one) => one.rows / one.seconds))
  const all = (list: Spent[]) => list.map((one) => seconds(one.seconds)).join(', ')
  const cpu = (list: Spent[]) => seconds(median(list.map((one) => one.cpu)))
  const [own, copy, peak] = [rate(exports), rate(bare), Math.max(...exports.map((one) => one.peak))]
  const { rows, bytes } = exports[0]!
  table.add({
    work: `export of ${count(rows)} users, 39 columns, zipped`, here: `${count(own)} rows/s`, bare: `${count(copy)} rows/s`, ratio: times(own / copy), reach: 'at least 0.5 x', met: own >= copy / 2,
    note: `${all(exports)} beside ${all(bare)}; processor ${cpu(exports)} beside ${cpu(bare)}; ${megabytes(bytes)}, level ${zipLevel}; bare: COPY of the three tables joined`
  })
  table.add({ work: '… memory of the process', here: megabytes(peak), reach: 'under 300 MB', met: peak < mostMemory, note: 'peak, web server and worker thread' })
  table.add({ work: `export of ${count(few.rows)} of them, by a query`, here: `${count(few.rows / few.seconds)} rows/s`, note: seconds(few.seconds) })
}
