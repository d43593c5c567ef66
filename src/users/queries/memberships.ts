import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Db } from '../../db/database.ts'
import { heldNumbers } from './scope.ts'

export interface Membership { audienceId: number; since: Date }

/** Which audiences that this operator may know of is a user in, and since when? Asked by every number that leads to the user. */
export async function listMemberships(db: Db, access: Access, userId: string): Promise<Membership[]> {
  const built = access.audiences.filter(({ membersTable }) => membersTable !== null)
  if (built.length === 0) return []
  const each = built.map(({ id, membersTable }) => sql`select ${id}::int as "audienceId", min(m.since) as since from ${sql.table(membersTable!)} m where m.own and m.row_number = any (h.numbers)`)
  const { rows } = await sql<Membership>`with h as materialized (select ${heldNumbers} as numbers from (select ${userId}::bigint as user_id) u)
    select f.* from h cross join lateral (${sql.join(each, sql` union all `)}) f where f.since is not null`.execute(db)
  return rows
}
