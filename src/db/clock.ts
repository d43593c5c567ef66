import { sql } from 'kysely'
import type { Db } from './database.ts'

/** The time of the database, to the microsecond: what it dates itself is compared with this, never with the clock of this machine. */
export async function getClock(db: Db): Promise<string> {
  const { rows } = await sql<{ now: string }>`select clock_timestamp()::text as now`.execute(db)
  return rows[0]?.now ?? ''
}
