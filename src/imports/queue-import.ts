import type { Transaction } from 'kysely'
import type { NewAlert } from '../alerts/queries.ts'
import type { Database, Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory, type Actor } from '../history/queries.ts'
import { insertJob } from '../jobs/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { Conflict } from '../problem.ts'
import { deleteUpload, getSourceState, type FileFormat } from '../sources/queries.ts'
import { insertRun, takeRunId } from './queries.ts'
import type { RunOrigin, Started } from './run-origin.ts'

export interface ImportOrder {
  sourceId: number
  /** Null where a table is read. */
  path: string | null
  origin?: RunOrigin
  /** A person, where nothing is said. */
  started?: Started
  fileName: string
  bytes: number
  whole: boolean
  /** As chosen; else the run detects it. */
  format?: FileFormat
  operator: Actor | null
  /** The upload that the run takes over. */
  uploadId?: string
}

/** Queues a run: its record, its job and the history entry in one transaction. Answers the id of the run. `finish` runs last in that transaction. */
export async function queueImport(services: { db: Db; queue: Queue }, order: ImportOrder, finish?: (trx: Db, made: { runId: number; jobId: number }) => Promise<void>): Promise<number> {
  const { runId, jobId } = await shortChange(services.db, async (trx) => {
    const made = await insertImport(trx, order, services.queue.enqueue)
    await finish?.(trx, made)
    return made
  })
  await services.queue.wake(jobId)
  return runId
}

/** The same inside a transaction of the caller, who wakes the queue afterwards. */
export async function insertImport(trx: Transaction<Database>, order: ImportOrder, enqueue: Queue['enqueue'] = insertJob): Promise<{ runId: number; jobId: number }> {
  // Not locked: a run that is just ending holds the source for a moment, and nobody should wait for that to queue the next.
  const source = await getSourceState(trx, order.sourceId)
  if (source.removing) throw new Conflict(`The source ${source.alias} is being removed. Import the file as a new source.`)
  if (order.uploadId !== undefined && !(await deleteUpload(trx, order.uploadId))) throw new Conflict('This file was imported or discarded meanwhile. Upload it again to import it once more.')
  const runId = await takeRunId(trx)
  const jobId = await enqueue(trx, { kind: 'import', title: `Import of ${source.alias}`, payload: { runId, ...(order.format ? { format: order.format } : {}), ...(order.origin ? { alert: alertOf(source) } : {}) }, operatorId: order.operator?.id ?? null, tokenId: order.operator?.tokenId ?? null })
  await insertRun(trx, runId, jobId, { sourceId: order.sourceId, fileName: order.fileName, filePath: order.path, fileBytes: order.bytes, whole: order.whole, operatorId: order.operator?.id ?? null, origin: order.origin ?? null, started: order.started ?? 'hand' })
  await insertHistory(trx, {
    kind: 'import', title: `Import of ${order.fileName} into ${source.alias} ordered${order.whole ? order.origin ? ', removing rows that are gone there' : ', the file being the whole table' : ''}`,
    operator: order.operator, sourceId: order.sourceId, runId, jobId
  })
  return { runId, jobId }
}

/** Where it comes by itself nobody waits for it: what went wrong is told, until a later run succeeds. */
function alertOf(source: { id: number; alias: string }): NewAlert {
  return { subject: `import:${source.id}`, permission: 'imports', message: `The import of ${source.alias}`, href: `/settings/sources/${source.id}` }
}
