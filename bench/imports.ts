import { sql } from 'kysely'
import { link, mkdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { insertImport } from '../src/imports/queue-import.ts'
import { findJob } from '../src/jobs/queries.ts'
import { findRun, type Run } from '../src/imports/queries.ts'
import { getCatalog } from '../src/catalog/queries.ts'
import type { ColumnSpec } from '../src/catalog/column.ts'
import { saveStructure } from '../src/sources/save-structure.ts'
import type { Console } from './console.ts'
import { processCpu, serverCpu } from './cpu.ts'
import { peakOf, resetPeak } from './memory.ts'
import { columns as people, keyColumn, type BenchColumn } from './people.ts'
import type { Statement, StatementLog } from './statements.ts'

export interface ImportResult { seconds: number; cpu: number; stages: { name: string; seconds: number }[]; peakBytes: number; run: Run; statements: Statement[] }

const format = { encoding: 'utf-8', delimiter: ',', header: true }

/** The source of that name, made where it is not there yet, as the columns page makes it. */
export async function findOrMakeSource({ db }: Console, alias: string, columns: readonly BenchColumn[] = people): Promise<number> {
  const known = (await getCatalog(db)).sources.find((source) => source.alias === alias)
  if (known) return known.id
  const specs = columns.map((column): ColumnSpec => ({
    name: column.name, kind: column.kind, type: column.type, idType: column.idType ?? null, encryption: column.kind === 'id' ? 'unencrypted' : null, attribute: column.attribute ?? null,
    delimiter: column.type === 'multi' ? '|' : null, tagName: column.kind === 'tag' ? column.name : null
  }))
  return db.transaction().execute((trx) => saveStructure(trx, { alias, keyColumn, keyIdType: null, updateTimeColumn: null, columns: specs }, format, null))
}

/** Imports a file as an upload is imported: by the worker thread of the console. Answers once its commit is visible. */
export async function importFile(console_: Console, log: StatementLog, source: string, path: string): Promise<ImportResult> {
  const { db, queue, pid, dataDir } = console_
  const sourceId = await findOrMakeSource(console_, source)
  const upload = await uploadOf(dataDir, path)
  const mark = await log.mark()
  const { runId, jobId } = await db.transaction().execute(async (trx) => insertImport(trx, { sourceId, path: upload, fileName: basename(path), bytes: (await stat(path)).size, whole: false, format, operator: null }, queue.enqueue))
  resetPeak(pid)
  const cpuBefore = await serverCpu(console_.pool) + processCpu(pid)
  await queue.wake(jobId)
  const stages: { name: string; from: number }[] = []
  let started = 0
  for (;;) {
    const job = await findJob(db, jobId)
    const now = Date.now()
    if (job?.started_at) started = job.started_at.getTime()
    if (job?.stage && job.stage !== stages.at(-1)?.name) stages.push({ name: job.stage, from: now })
    if (job && job.status !== 'waiting' && job.status !== 'running') {
      const peakBytes = peakOf(pid)
      const cpu = await serverCpu(console_.pool) + processCpu(pid) - cpuBefore
      const run = (await findRun(db, runId)) as Run
      if (run.status !== 'done') throw new Error(`The import of ${path} ended as ${run.status}: ${run.error ?? ''}`)
      const times = stages.map(({ name, from }, index) => ({ name, seconds: ((stages[index + 1]?.from ?? now) - (index === 0 ? started : from)) / 1000 }))
      return { seconds: (now - started) / 1000, cpu, stages: times, peakBytes, run, statements: await log.since(mark) }
    }
    await sleep(20)
  }
}

/** A second name of the file where uploads lie: the run deletes it at its end. */
async function uploadOf(dataDir: string, path: string): Promise<string> {
  const folder = join(dataDir, 'uploads')
  await mkdir(folder, { recursive: true })
  const upload = join(folder, `bench-${basename(path)}`)
  await rm(upload, { force: true })
  await link(path, upload)
  return upload
}

/**
 * Waits until nothing is at work any more, and answers what the counting of values took that every job of the data lane leaves behind: it
 * is ordered a moment after that job has ended, and tidies what the job wrote, which would slow pages that are measured meanwhile.
 */
export async function waitUntilIdle({ db }: Console): Promise<number> {
  for (;;) {
    const last = await db.selectFrom('jobs').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
    const counted = last.kind === 'statistics' ? last : undefined
    if (counted?.ended_at && counted.started_at && !(await isVacuuming(db))) return (counted.ended_at.getTime() - counted.started_at.getTime()) / 1000
    await sleep(100)
  }
}

async function isVacuuming(db: Console['db']): Promise<boolean> {
  const { rows } = await sql`select from pg_stat_activity where backend_type = 'autovacuum worker'`.execute(db)
  return rows.length > 0
}
