import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import type { Invitation } from '../invitation.ts'

/** Keeps a link; one that was made before for the same operator is worth nothing any more. */
export async function setInvitation(db: Db, operatorId: number, { hash, expiresAt }: Pick<Invitation, 'hash' | 'expiresAt'>): Promise<void> {
  const values = { token_hash: hash, expires_at: expiresAt }
  await db.insertInto('invitations').values({ operator_id: operatorId, ...values }).onConflict((conflict) => conflict.column('operator_id').doUpdateSet(values)).execute()
}

export interface Invited { id: number; name: string; email: string }

/** Whose link is this? Undefined where it is unknown, used or too old, or the account is switched off. */
export async function findInvited(db: Db, tokenHash: string): Promise<Invited | undefined> {
  return db.selectFrom('invitations as i').innerJoin('operators as o', 'o.id', 'i.operator_id').select(['o.id', 'o.name', 'o.email'])
    .where('i.token_hash', '=', tokenHash).where('i.expires_at', '>', sql<Date>`now()`).where('o.disabled_at', 'is', null).executeTakeFirst()
}

/** Uses a link up. False where somebody did before. */
export async function takeInvitation(db: Db, tokenHash: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('invitations').where('token_hash', '=', tokenHash).executeTakeFirst()
  return numDeletedRows > 0n
}

export async function deleteInvitation(db: Db, operatorId: number): Promise<void> {
  await db.deleteFrom('invitations').where('operator_id', '=', operatorId).execute()
}
