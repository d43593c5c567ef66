import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import { byNumber } from '../../users/queries/identity.ts'
import { isVisible, Scope } from '../../users/queries/scope.ts'
import type { Reader } from './visible.ts'

/** The user that holds this number now, if this operator sees them. */
export async function findHolder(db: Db, { access, timeZone }: Reader, number: string): Promise<string | undefined> {
  const scope = new Scope(access, timeZone)
  const { rows } = await sql<{ id: string }>`select u.user_id as id from ${scope.from()} where u.user_id in (${sql.join(byNumber(scope, [number]), sql` union all `)}) and ${isVisible(scope)}`.execute(db)
  return rows[0]?.id
}
