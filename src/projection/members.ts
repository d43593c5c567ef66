import type { Work } from '../jobs/work.ts'
import { heldNumbers } from './overrides-sql.ts'

/**
 * Members of audiences belong to whoever holds their numbers now. A table of members has a row for each own number, and one
 * that is not own for every user who holds such a number under another: so a user is a member where the table has their ID.
 * `mapped`: table (user_id) of everybody whose rows changed hands; null: everybody.
 */
export async function followMembers(work: Work, mapped: string | null): Promise<void> {
  const tables = work.catalog.audiences.flatMap(({ membersTable, beforeTable }) => [membersTable, beforeTable]).filter((table) => table !== null)
  if (tables.length === 0) return
  if (mapped !== null) {
    if ((await work.run(`create temp table held_now on commit drop as select h.user_id, h.n from ${heldNumbers(mapped)} h where h.n <> h.user_id`)) > 0) await work.run('analyze held_now')
  }
  for (const table of tables) {
    await work.run(mapped === null ? `delete from ${table} where not own` : `delete from ${table} m using ${mapped} s where m.row_number = s.user_id and not m.own`)
    await work.run(`insert into ${table} (row_number, since, own) select user_id, min(since), false from ${mapped === null ? movedMembers(table) : `(select h.user_id, m.since from held_now h join ${table} m on m.row_number = h.n and m.own)`} x where user_id is not null group by 1 on conflict (row_number) do nothing`)
  }
}

/** SQL (user_id, since): the holders of own numbers that are not users themselves. */
function movedMembers(table: string): string {
  return `(select a.user_id, m.since from ${table} m join row_aliases a on a.row_number = m.row_number where m.own
    union all select user_of(m.row_number), m.since from ${table} m join removed_rows r on r.row_number = m.row_number where m.own)`
}
