import { sql, type Transaction } from 'kysely'
import { Conflict } from '../problem.ts'
import type { Database, Db } from './database.ts'

/**
 * Runs a change of settings in a transaction that waits at most two seconds for a lock. Settings are changed while runs
 * work; what a run holds until its end must be answered with words, not with a page that hangs.
 */
export async function shortChange<T>(db: Db, change: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  try {
    return await db.transaction().execute(async (trx) => {
      await sql`set local lock_timeout = '2s'`.execute(trx)
      return change(trx)
    })
  } catch (error) {
    if ((error as { code?: string }).code === '55P03') throw new Conflict('A job is changing this at the moment. Nothing was saved; try again when it is done.')
    throw error
  }
}
