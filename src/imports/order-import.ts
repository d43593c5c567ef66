import { sql, type Transaction } from 'kysely'
import { tableInWords } from '../connections/table.ts'
import type { Database, Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import type { Actor } from '../history/queries.ts'
import { insertJob } from '../jobs/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { Conflict } from '../problem.ts'
import { findOrigin } from '../sources/queries/origins.ts'
import { findOpenRun } from './queries.ts'
import { insertImport } from './queue-import.ts'
import type { Started } from './run-origin.ts'

export interface Order {
  sourceId: number
  started: Started
  operator: Actor | null
  /** Reads everything and removes what is gone there, also where the source otherwise reads what changed. */
  everything?: boolean
}

/** Orders an import of a source that is read from a table of another database. Throws Conflict where it has none, or a run is under way. `finish` runs last in its transaction. */
export async function orderImport(services: { db: Db; queue: Queue }, order: Order, finish?: (trx: Db, made: { runId: number; jobId: number }) => Promise<void>): Promise<{ runId: number; jobId: number }> {
  const ordered = await shortChange(services.db, async (trx) => {
    const made = await insertOrder(trx, order, services.queue.enqueue)
    await finish?.(trx, made)
    return made
  })
  await services.queue.wake(ordered.jobId)
  return ordered
}

/** The same inside a transaction of the caller, who wakes the queue afterwards. */
export async function insertOrder(trx: Transaction<Database>, { sourceId, started, operator, everything = false }: Order, enqueue: Queue['enqueue'] = insertJob): Promise<{ runId: number; jobId: number }> {
  await holdOrders(trx, sourceId)
  const open = await findOpenRun(trx, sourceId)
  if (open) throw new Conflict(`Run ${open.id} of ${open.alias} is under way. Wait until it is done.`)
  const origin = await findOrigin(trx, sourceId)
  if (!origin) throw new Conflict('This source has no table that it is read from. Import a file into it.')
  const { connectionId, schema, table, reading, changedBy } = origin
  return insertImport(trx, {
    sourceId, path: null, fileName: tableInWords(origin), bytes: 0, whole: everything || reading === 'whole', started, operator,
    origin: { connectionId, schema, table, changedBy: reading === 'changed' ? changedBy : null, everything }
  }, enqueue)
}

/** Of two that order at the same time the second sees the run of the first. */
async function holdOrders(trx: Db, sourceId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('imports'), ${sourceId})`.execute(trx)
}
