import type { Transaction } from 'kysely'
import type { Database, Db } from './database.ts'

/** Runs reads on one snapshot, so that a page never mixes the state before a publication with the state after it. */
export function readSnapshot<T>(db: Db, read: (db: Db) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(read)
}

/** The same for a change that depends on what is read. */
export function readSnapshotForChange<T>(db: Db, change: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').execute(change)
}
