import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Db } from '../../db/database.ts'
import { isVisible, Scope } from '../../users/queries/scope.ts'
import { holderOf } from './holder.ts'

/** Did an entry decide about somebody that this operator cannot see? */
export async function hasHiddenUser(db: Db, access: Access, timeZone: string, entryId: string): Promise<boolean> {
  if (access.everyUser) return false
  const scope = new Scope(access, timeZone)
  const visible = sql`exists (select from ${sql.table(access.usersTable)} u where u.user_id = ${holderOf(sql`o.row_number`)} and ${isVisible(scope)})`
  const { rows } = await sql<{ found: boolean }>`select exists (select from overrides o where o.entry_id = ${entryId}::bigint and ${holderOf(sql`o.row_number`)} is not null and not ${visible}) as found`.execute(db)
  return rows[0]?.found ?? true
}
