import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { SignedIn } from '../http/guard.ts'

/** Who is this session's operator? Undefined when the account is gone or switched off. */
export async function findSignedIn(db: Db, id: number): Promise<SignedIn | undefined> {
  const row = await db.selectFrom('operators').select(['id', 'name', 'email', 'role', 'must_change_password']).where('id', '=', id).where('disabled_at', 'is', null).executeTakeFirst()
  return row && { id: row.id, name: row.name, email: row.email, role: row.role, mustChangePassword: row.must_change_password }
}

/** Was the first administrator made? */
export async function isSetUp(db: Db): Promise<boolean> {
  const row = await db.selectNoFrom((eb) => eb.exists(eb.selectFrom('operators').select(sql`1`.as('one'))).as('found')).executeTakeFirstOrThrow()
  return Boolean(row.found)
}
