import { sql } from 'kysely'
import type { Db } from './database.ts'

// Both take `db` outside the long transaction that uses the numbers: inside, they would hold the catalog's row, and with it
// every settings page, until the run ends. A number that is never used leaves a harmless gap.

/** A name for a new version of a large table, never used before: `source_3` -> `source_3_v17`. */
export async function nextTableName(db: Db, base: string): Promise<string> {
  const row = await db.updateTable('catalog_state').set({ next_table_version: sql`next_table_version + 1` }).returning(sql<string>`next_table_version - 1`.as('version')).executeTakeFirstOrThrow()
  return `${base}_v${row.version}`
}

/** The first of `count` row numbers that nobody else gets. */
export async function takeRowNumbers(db: Db, count: number): Promise<string> {
  const row = await db.updateTable('catalog_state').set({ next_row_number: sql`next_row_number + ${count}` }).returning(sql<string>`next_row_number - ${count}`.as('first')).executeTakeFirstOrThrow()
  return row.first
}
