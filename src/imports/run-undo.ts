import type { CatalogSource } from '../catalog/catalog.ts'
import { insertHistory, setEntryUndone } from '../history/queries.ts'
import type { MappingOutcome } from '../identities/remap-rows.ts'
import { storeIdentities } from '../identities/store-identities.ts'
import { endJob } from '../jobs/end-job.ts'
import { JobStopped, type JobContext } from '../jobs/job.ts'
import { inDataTransaction } from '../jobs/transaction.ts'
import { sourceOf, type Work } from '../jobs/work.ts'
import { returnDecisions } from '../overrides/queries/return-decisions.ts'
import { publishTables } from '../projection/publish-tables.ts'
import { findImportEntry, getRunUndo } from './queries/undo.ts'
import { forgetBefore } from './record-run.ts'
import { restoreRows, type KeptRun, type Restored } from './restore-rows.ts'
import { restoreAnchors } from './return-numbers.ts'
import { showRows } from './show-rows.ts'
import { whyNotUndoable } from './undo-refusal.ts'

export interface UndoRunPayload { runId: number; operator: { id: number; name: string } }

/** What an undo did: figures for its page. */
export interface UndoneRun { runId: number; rowsRemoved: number; rowsChanged: number; rowsReturned: number; usersRemoved: number; usersJoined: number; usersSplit: number; decisionsReturned: number; entryId: string }

/**
 * The job 'undo_run': the last run of a source as if it had never been. Its rows are as before, everything else is worked
 * out anew from them, in one transaction. Decisions made since stay; those that the run ended count again.
 */
export async function runUndoRun(context: JobContext, payload: UndoRunPayload): Promise<UndoneRun> {
  const undone = await inDataTransaction(context, async (work) => {
    const run = await getRunUndo(work.db, payload.runId)
    const refusal = whyNotUndoable(run)
    if (refusal) throw new JobStopped(refusal)
    const source = sourceOf(work, run.sourceId)
    const total = Math.max(1, source.rowCount)
    context.progress('Compare and store', 0, total)
    const restored = await restoreRows(work, source, run.kept as KeptRun)
    await context.check()
    context.progress('ID mapping', Math.floor(total * 0.3), total)
    const next = await storeRestored(work, source, restored)
    const shown = await showRestored(work, run.id, { ...restored, delta: { ...restored.delta, source: next } }, total)
    const { newRows, changedRows, removedRows } = restored.delta
    const counts = { runId: run.id, rowsRemoved: removedRows, rowsChanged: changedRows, rowsReturned: newRows, ...shown }
    const result: UndoneRun = { ...counts, entryId: await record(work, run, payload.operator, counts) }
    await publishTables(work, await forgetBefore(work, source.id, null), null, (one) => shown.usersJoined + shown.usersSplit > 0 || one.id === source.id)
    if (!next.rowsTable) await work.run('update sources set row_count = 0, user_count = 0 where id = $1', [source.id])
    await endJob(work, result)
    return result
  })
  await context.enqueue({ kind: 'statistics', title: 'Counting values', payload: {}, operatorId: null })
  return undone
}

/** The source with its tables as they are now; later steps read it from the catalog of the transaction. */
async function storeRestored(work: Work, source: CatalogSource, { delta, rowsTable, rebuilt }: Restored): Promise<CatalogSource> {
  let identitiesTable = source.identitiesTable
  if (rowsTable === null) await work.run(`drop table ${await storeIdentities(work, { ...delta, source: { ...source, columns: [] } }, source.rowsTable as string, true)}`)
  else if (delta.rows || rebuilt) identitiesTable = await storeIdentities(work, delta, rowsTable, rebuilt)
  const next = rowsTable === null ? { ...source, rowsTable, identitiesTable: null, valuesTable: null } : { ...source, rowsTable, identitiesTable }
  work.catalog = { ...work.catalog, sources: work.catalog.sources.map((one) => (one.id === source.id ? next : one)) }
  return next
}

async function showRestored(work: Work, runId: number, { delta, rebuilt }: Restored, total: number): Promise<Omit<MappingOutcome, 'usersNew' | 'joinsRefused'> & { usersRemoved: number; decisionsReturned: number }> {
  let usersRemoved = 0
  let decisionsReturned = 0
  const { usersJoined, usersSplit } = await showRows(work, delta, {
    runId, reason: 'run undone', rebuilt, reshaped: false, rowsSeen: total,
    changeDecisions: async () => {
      if (delta.rows) {
        usersRemoved = Number((await work.rows<{ users: string }>('select count(distinct g.user_id) as users from gone g join removed_rows r on r.row_number = g.row_number where r.anchor is null'))[0]?.users)
        await restoreAnchors(work, runId)
      }
      decisionsReturned = await returnDecisions(work, runId)
      return decisionsReturned
    }
  })
  return { usersJoined, usersSplit, usersRemoved, decisionsReturned }
}

async function record(work: Work, run: { id: number; sourceId: number; alias: string }, operator: UndoRunPayload['operator'], result: Omit<UndoneRun, 'entryId'>): Promise<string> {
  const number = (count: number) => count.toLocaleString('en')
  const entryId = await insertHistory(work.db, {
    kind: 'undo', operator, sourceId: run.sourceId, runId: run.id, jobId: work.context.jobId, usersAffected: result.rowsRemoved + result.rowsChanged + result.rowsReturned,
    title: `Undo of run ${run.id} of ${run.alias}: ${number(result.rowsRemoved)} rows removed, ${number(result.rowsChanged)} changed back, ${number(result.rowsReturned)} came back`
  })
  const imported = await findImportEntry(work.db, run.id)
  if (imported) await setEntryUndone(work.db, imported, entryId)
  await work.run('update import_runs set undone_by = $2 where id = $1', [run.id, entryId])
  return entryId
}
