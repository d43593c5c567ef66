import { rm } from 'node:fs/promises'
import type { CatalogSource } from '../catalog/catalog.ts'
import { getClock } from '../db/clock.ts'
import { storeIdentities } from '../identities/store-identities.ts'
import { JobCancelled, JobStopped, type JobContext } from '../jobs/job.ts'
import { inDataTransaction } from '../jobs/transaction.ts'
import { sourceOf, type Work } from '../jobs/work.ts'
import { endDecisions } from '../overrides/queries/end-decisions.ts'
import type { FileFormat } from '../sources/queries.ts'
import { acceptedKeys, checkCells, checkKeys, readColumns } from './check-rows.ts'
import { compareRows, type Comparison } from './compare-rows.ts'
import { fileRows } from './file-rows.ts'
import { leaveErased } from './leave-erased.ts'
import { narrowRows } from './narrow-rows.ts'
import { neededColumns, planStructure } from './plan-structure.ts'
import { findMark } from './queries.ts'
import { endRun, getRun, stopRun } from './record-run.ts'
import { refuseEmpty, refuseLoss } from './refuse-loss.ts'
import { deleteRejectedRows } from './rejected-rows.ts'
import type { RowStream } from './row-stream.ts'
import { isMarkOf, type RunOrigin } from './run-origin.ts'
import { showRows } from './show-rows.ts'
import { stageRows, type Stage } from './stage.ts'
import { storeFirstRows, storeRows, type Stored } from './store-rows.ts'
import { tableRows } from './table-rows.ts'

/** The job 'import': one run from its file. An uploaded file is deleted when the run has ended. */
export async function runImport(context: JobContext, payload: { runId: number; format?: FileFormat }): Promise<unknown> {
  const run = await getRun(context.db, payload.runId)
  const forget = async () => { if (run.file_path && run.uploaded) await rm(run.file_path, { force: true }) }
  try {
    const result = await importRows(context, run.id, async () => (run.origin ? rowsOf(context, run.source_id, run.origin) : fileRows(run.file_path ?? '', payload.format)))
    await forget()
    await context.enqueue({ kind: 'statistics', title: 'Counting values', payload: {}, operatorId: null })
    return result
  } catch (error) {
    // After anything else (a lost database, a stopping process) the run is taken up again, and needs its file.
    if (error instanceof JobStopped || error instanceof JobCancelled) await forget()
    throw error
  }
}

/** Where a table is read by what changed, from where the last run that counts came to. */
async function rowsOf(context: JobContext, sourceId: number, origin: RunOrigin): Promise<RowStream> {
  const mark = origin.everything ? null : await findMark(context.db, sourceId)
  return tableRows(context, origin, isMarkOf(mark, origin) ? mark : null)
}

/** A run over any stream of rows: all of it happens in one transaction, or nothing. */
export async function importRows(context: JobContext, runId: number, openRows: () => Promise<RowStream>): Promise<unknown> {
  const run = await getRun(context.db, runId)
  await deleteRejectedRows(context.db, runId)
  const rowTime = new Date()
  const startedAt = await getClock(context.db)
  const stop = await inDataTransaction(context, async (work) => {
    const former = sourceOf(work, run.source_id)
    const stream = await openRows()
    const { source, changed } = await planStructure(work, former, stream.columns, run.origin ? 'table' : 'file')
    const stage = await stageRows(work, runId, readColumns(source), narrowRows(stream, new Set(neededColumns(source).map((column) => column.name))))
    if (run.origin) refuseEmpty(run, former, stage.rows)
    await step(work, 'Check rows', 30, stage.rows)
    const unusable = stage.bad + await checkKeys(work, runId, source, stage)
    const erased = await leaveErased(work, source, stage)
    await step(work, 'Compare and store', 40, stage.rows)
    await work.run('savepoint before_rows')
    const written = await writeRows(work, { runId, rowTime, whole: run.whole, stage, source, former, changed, staged: stage.rows - unusable - erased })
    const { stored, delta } = written
    if (run.origin) refuseLoss(run, former, delta.removedRows)
    const rejected = unusable + delta.rejected
    if (rejected * 2 > stage.rows) {
      // Nothing of the rows stays; the rejected ones are found once more, to be kept for the download.
      await work.run('rollback to before_rows')
      if (delta.rejected) await checkCells(work, runId, source, stage, null)
      return stopRun(work, runId, stage, rejected)
    }
    publishInCatalog(work, { ...source, rowsTable: stored.rowsTable })
    await step(work, 'ID mapping', 65, stage.rows)
    const identitiesTable = delta.rows || stored.rebuilt ? await storeIdentities(work, { ...delta, source }, stored.rowsTable, stored.rebuilt) : former.identitiesTable
    const next = { ...source, rowsTable: stored.rowsTable, identitiesTable }
    publishInCatalog(work, next)
    let ended = 0
    const outcome = await showRows(work, { ...delta, source: next }, {
      runId, reason: 'removed', rebuilt: stored.rebuilt, reshaped: changed, rowsSeen: stage.rows,
      changeDecisions: async () => { ended = await endDecisions(work, { id: runId, startedAt }, next, acceptedKeys(next, stage)); return ended }
    })
    await work.run(`drop table ${stage.table}`)
    await endRun(work, { run, source: next, former, delta, rejected, erased, rowsRead: stage.rows, rowTime, outcome, decisionsEnded: ended, beforeTable: stored.beforeTable, structureChanged: changed, names: stream.columns, mark: stream.mark?.() ?? null })
    return undefined
  })
  if (stop) throw new JobStopped(stop)
  return { runId }
}

interface Writing { runId: number; rowTime: Date; whole: boolean; stage: Stage; source: CatalogSource; former: CatalogSource; changed: boolean; staged: number }

async function writeRows(work: Work, { runId, rowTime, whole, stage, source, former, changed, staged }: Writing): Promise<{ stored: Stored; delta: Comparison }> {
  if (!former.rowsTable) return storeFirstRows(work, runId, rowTime, stage, source, staged)
  const delta = await compareRows(work, runId, source, former, stage, { whole, force: changed, staged })
  if (delta.rows === 0 && !changed) return { delta, stored: { rowsTable: former.rowsTable, rebuilt: false, beforeTable: null } }
  return { delta, stored: await storeRows(work, runId, rowTime, stage, delta, former) }
}

/** Later steps read the tables as this transaction has made them. */
function publishInCatalog(work: Work, source: CatalogSource): void {
  work.catalog = { ...work.catalog, sources: work.catalog.sources.map((candidate) => (candidate.id === source.id ? source : candidate)) }
}

async function step(work: Work, stage: string, percent: number, rows: number): Promise<void> {
  await work.context.check()
  work.context.progress(stage, Math.floor((rows * percent) / 100), rows)
}
