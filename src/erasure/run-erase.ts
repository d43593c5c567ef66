import { rm } from 'node:fs/promises'
import { deleteAllExports } from '../exports/delete-files.ts'
import { insertHistory } from '../history/queries.ts'
import { useErasureKey } from '../identities/erased-values.ts'
import { getMappingSettings } from '../identities/mapping-settings.ts'
import { storeIdentities } from '../identities/store-identities.ts'
import { showRows } from '../imports/show-rows.ts'
import { endJob } from '../jobs/end-job.ts'
import type { JobContext } from '../jobs/job.ts'
import { inDataTransaction } from '../jobs/transaction.ts'
import { sourceOf, type Delta, type Work } from '../jobs/work.ts'
import { publishTables } from '../projection/publish-tables.ts'
import { deleteAllMatchingFiles } from '../pushes/files.ts'
import { deleteOldUploads } from '../sources/queries.ts'
import { countErased, deleteDecisions, deleteFromRules, deleteKeptRows, deleteRejectedOf, deleteRows, deleteShown, deleteTraces, findNumbers, keepDigests, setErased } from './queries/erase.ts'

export interface ErasePayload { erasureId: number; userId: string; operator: { id: number; name: string } | null }

/**
 * The job 'erase': takes one person out of every layer, and out of what was kept beside them. The first step notes the row
 * numbers of the person, so that a job which was killed goes on where it was: each step is a transaction of its own.
 */
export async function runErase(context: JobContext, payload: ErasePayload): Promise<unknown> {
  const erasure = { id: payload.erasureId, userId: payload.userId }
  const sources = await inDataTransaction(context, async (work) => {
    context.progress('Note what to leave out', 0, 100)
    await useErasureKey(work)
    await findNumbers(work, erasure)
    await keepDigests(work, erasure.id, (await getMappingSettings(work.db)).placeholders)
    await deleteRejectedOf(work)
    await deleteFromRules(work)
    await deleteKeptRows(work)
    await deleteDecisions(work)
    return work.catalog.sources.filter((source) => source.rowsTable).map((source) => source.id)
  })
  for (const [index, sourceId] of sources.entries()) {
    context.progress('Remove rows', 10 + Math.floor((index / sources.length) * 70), 100)
    await inDataTransaction(context, async (work) => {
      await findNumbers(work, erasure)
      await eraseRows(work, sourceId, erasure.id)
    })
  }
  context.progress('Remove files', 80, 100)
  // What a file holds is not known before it is read, and whoever uploaded it can do so again.
  for (const path of await deleteOldUploads(context.db, 0)) await rm(path, { force: true })
  await deleteAllExports(context.db, context.dataDir)
  await deleteAllMatchingFiles(context.db, context.dataDir)
  const result = await inDataTransaction(context, async (work) => {
    context.progress('Remove decisions and history', 85, 100)
    await findNumbers(work, erasure)
    await deleteDecisions(work)
    await deleteTraces(work)
    await deleteShown(work)
    const rowsErased = await setErased(work, erasure.id)
    await insertHistory(work.db, { kind: 'erase', title: `User ${erasure.userId} erased`, operator: payload.operator, jobId: context.jobId })
    await publishTables(work, [], null)
    const counts = { rowsErased }
    await endJob(work, counts)
    return counts
  })
  await context.enqueue({ kind: 'statistics', title: 'Counting values', payload: {}, operatorId: null })
  return result
}

/** The same steps as for rows that an import removes, but that their numbers are not kept. */
async function eraseRows(work: Work, sourceId: number, erasureId: number): Promise<void> {
  const source = sourceOf(work, sourceId)
  const rows = await deleteRows(work, source)
  if (rows === 0) return
  const delta: Delta = { source, table: 'delta', rows, newRows: 0, changedRows: 0, removedRows: rows }
  await storeIdentities(work, delta, source.rowsTable as string, false)
  await showRows(work, delta, { runId: null, reason: 'erased', rebuilt: false, reshaped: false, rowsSeen: rows })
  await publishTables(work, [], null)
  await countErased(work, erasureId, rows)
}
