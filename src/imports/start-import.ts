import type { Transaction } from 'kysely'
import type { Database } from '../db/database.ts'
import { Conflict, NotFound } from '../problem.ts'
import type { Starter } from '../schedules/starter.ts'
import { insertOrder } from './order-import.ts'

/** What the schedule of a source starts: nothing while a run is under way, or where the source is not there any more. */
export const startImport: Starter = async (trx, sourceId, { queue }) => {
  try {
    const { jobId } = await insertOrder(trx as Transaction<Database>, { sourceId, started: 'schedule', operator: null }, queue.enqueue)
    return jobId
  } catch (error) {
    if (error instanceof Conflict || error instanceof NotFound) return null
    throw error
  }
}
