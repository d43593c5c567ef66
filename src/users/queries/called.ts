import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import { findField } from '../../conditions/field.ts'
import type { Db } from '../../db/database.ts'
import { byNumber, isRowNumber } from './identity.ts'
import { masked } from './mask.ts'
import { isVisible, Scope } from './scope.ts'

/** The user that holds this number now, and how they are called; undefined where there is none to be seen. */
export async function findCalled(db: Db, access: Access, timeZone: string, number: string): Promise<{ id: string; called: string } | undefined> {
  if (!isRowNumber(number)) return undefined
  const scope = new Scope(access, timeZone)
  const field = findField(access, 'attribute:name')
  const name = field ? (field.masked ? masked(field.type, scope.value(field)) : scope.value(field)) : sql`null::text`
  const where = sql`u.user_id in (${sql.join(byNumber(scope, [number]), sql` union all `)}) and ${isVisible(scope)}`
  const { rows } = await sql<{ id: string; name: string | null }>`select u.user_id as id, ${name} as name from ${scope.from()} where ${where}`.execute(db)
  return rows[0] && { id: rows[0].id, called: rows[0].name ?? `User ${rows[0].id}` }
}
