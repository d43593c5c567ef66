import { sql, type Transaction } from 'kysely'
import { atOnce } from './at-once.ts'
import type { Database, Db } from './database.ts'

/**
 * Runs reads on one snapshot, so that a page never mixes the state before a publication with the state after it. What `read` asks before it
 * waits for anything travels together with the beginning of the transaction.
 */
export function readSnapshot<T>(db: Db, read: (db: Db) => Promise<T>): Promise<T> {
  return atOnce(db, async (connection) => {
    const begun = sql`start transaction isolation level repeatable read read only`.execute(connection)
    begun.catch(() => {})
    try {
      const answer = await read(connection)
      await begun
      await sql`commit`.execute(connection)
      return answer
    } catch (error) {
      await sql`rollback`.execute(connection).catch(() => {})
      throw error
    }
  })
}

/** The same for a change that depends on what is read. */
export function readSnapshotForChange<T>(db: Db, change: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').execute(change)
}
