import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Field } from '../../conditions/field.ts'
import type { Db } from '../../db/database.ts'
import { byNumber, isRowNumber } from './identity.ts'
import type { Cell } from './list.ts'
import { isVisible, Scope } from './scope.ts'

/** What does the user that holds this number now have in these fields (none of them masked)? Undefined where there is no user to be seen. */
export async function findFieldValues(db: Db, access: Access, timeZone: string, number: string, fields: readonly Field[]): Promise<{ userId: string; values: Cell[] } | undefined> {
  if (!isRowNumber(number)) return undefined
  const scope = new Scope(access, timeZone)
  const columns = [sql`u.user_id as id`, ...fields.map((field, index) => sql`${scope.value(field)} as ${sql.ref(`v${index}`)}`)]
  const where = sql`u.user_id in (${sql.join(byNumber(scope, [number]), sql` union all `)}) and ${isVisible(scope)}`
  const { rows } = await sql<Record<string, Cell>>`select ${sql.join(columns)} from ${scope.from()} where ${where}`.execute(db)
  const row = rows[0]
  return row && { userId: row['id'] as string, values: fields.map((_, index) => row[`v${index}`] ?? null) }
}
