import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'

/** How many entries are older than so many days, and since when? */
export async function countOldEntries(db: Db, days: number): Promise<number> {
  const { rows } = await sql<{ n: string }>`select count(*) as n from history_entries where at < now() - make_interval(days => ${days})`.execute(db)
  return Number(rows[0]?.n ?? 0)
}

export async function listOldEntries(db: Db, days: number, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from history_entries where at < now() - make_interval(days => ${days}) order by at, id limit ${limit}`.execute(db)
  return rows.map((row) => row.id)
}

/** Deletes some items of these entries and answers how many: an undo of a million values is not one statement. */
export async function deleteItemsOf(db: Db, ids: readonly string[], limit: number): Promise<number> {
  const { numAffectedRows } = await sql`delete from history_items where (entry_id, item) in (select entry_id, item from history_items where entry_id = any (${ids}::bigint[]) limit ${limit})`.execute(db)
  return Number(numAffectedRows ?? 0)
}

export async function deleteOldEntries(db: Db, ids: readonly string[]): Promise<void> {
  await sql`delete from history_entries where id = any (${ids}::bigint[])`.execute(db)
}
