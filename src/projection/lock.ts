import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

const key = 360_002

/**
 * Every edit of a user holds this, shared, until its transaction ends; a publication takes it alone for the moment in
 * which it exchanges what pages read. So an edit is never written to a table that is about to be replaced.
 */
export async function holdProjection(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${key})`.execute(db)
}

export async function takeProjection(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(${key})`.execute(db)
}

/**
 * Where the changes of overrides stand, once every edit that began before has ended. All later ones have a greater
 * number. `db` must be one connection.
 */
export async function overrideMark(db: Db): Promise<string> {
  await sql`select pg_advisory_lock(${key})`.execute(db)
  try {
    const { rows } = await sql<{ mark: string }>`select nextval('override_changes') as mark`.execute(db)
    return rows[0]?.mark ?? '0'
  } finally {
    await sql`select pg_advisory_unlock(${key})`.execute(db)
  }
}
