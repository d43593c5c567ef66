import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import { hashOfRecoveryCode } from '../recovery-codes.ts'

export interface TwoStep { since: Date; recoveryCodes: number }

/** Since when somebody has two-step sign-in, and how many recovery codes are left; undefined where it is off. */
export async function findTwoStep(db: Db, operatorId: number): Promise<TwoStep | undefined> {
  const { rows } = await sql<TwoStep>`select o.two_step_at as since, (select count(*)::int from recovery_codes c where c.operator_id = o.id and c.used_at is null) as "recoveryCodes"
    from operators o where o.id = ${operatorId} and o.two_step_secret is not null`.execute(db)
  return rows[0]
}

/** The sealed secret of an operator. */
export async function findTwoStepSecret(db: Db, operatorId: number): Promise<string | undefined> {
  const row = await db.selectFrom('operators').select('two_step_secret').where('id', '=', operatorId).executeTakeFirst()
  return row?.two_step_secret ?? undefined
}

/** Turns it on, with the step of the code that proved it. False where it is on already: another secret takes its place only after it was turned off. */
export async function setTwoStep(db: Db, operatorId: number, { sealed, step }: { sealed: string; step: number }): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('operators').set({ two_step_secret: sealed, two_step_at: new Date(), two_step_last: String(step) }).where('id', '=', operatorId).where('two_step_secret', 'is', null).where('removed_at', 'is', null).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Turns it off, with its recovery codes. */
export async function deleteTwoStep(db: Db, operatorId: number): Promise<void> {
  await db.updateTable('operators').set({ two_step_secret: null, two_step_at: null, two_step_last: '0' }).where('id', '=', operatorId).execute()
  await db.deleteFrom('recovery_codes').where('operator_id', '=', operatorId).execute()
}

/** Uses the code of a step up; false where it or a later one was used before. */
export async function takeStep(db: Db, operatorId: number, step: number): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('operators').set({ two_step_last: String(step) }).where('id', '=', operatorId).where('two_step_last', '<', String(step)).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Keeps new recovery codes in place of those before. */
export async function setRecoveryCodes(db: Db, operatorId: number, codes: readonly string[]): Promise<void> {
  await db.deleteFrom('recovery_codes').where('operator_id', '=', operatorId).execute()
  await db.insertInto('recovery_codes').values(codes.map((code) => ({ operator_id: operatorId, code_hash: hashOfRecoveryCode(code) }))).execute()
}

/** Uses a recovery code up; false where it is not one, or was used before. */
export async function takeRecoveryCode(db: Db, operatorId: number, code: string): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('recovery_codes').set({ used_at: new Date() }).where('operator_id', '=', operatorId).where('code_hash', '=', hashOfRecoveryCode(code)).where('used_at', 'is', null).executeTakeFirst()
  return numUpdatedRows > 0n
}
