import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import type { Holder } from '../http/guard.ts'
import { NotFound } from '../problem.ts'
import { deleteInvitation } from './queries/invitations.ts'

/** Who is this session's operator? Undefined when the account was removed or switched off. */
export async function findSignedIn(db: Db, id: number): Promise<Holder | undefined> {
  const row = await db.selectFrom('operators').select(['id', 'name', 'email', 'must_change_password', 'two_step_at', 'signed_out_at', sql<number[]>`array(select role_id from operator_roles where operator_id = operators.id order by role_id)`.as('role_ids')]).where('id', '=', id).where('disabled_at', 'is', null).executeTakeFirst()
  return row && { id: row.id, name: row.name, email: row.email, mustChangePassword: row.must_change_password, twoStep: row.two_step_at !== null, signedOutAt: row.signed_out_at, roleIds: row.role_ids }
}

/** Was the first administrator made? */
export async function isSetUp(db: Db): Promise<boolean> {
  const row = await db.selectNoFrom((eb) => eb.exists(eb.selectFrom('operators').select(sql`1`.as('one'))).as('found')).executeTakeFirstOrThrow()
  return Boolean(row.found)
}

export interface Account { id: number; name: string; email: string; passwordHash: string | undefined; disabled: boolean; twoStep: boolean }

/** The account of an address; not a removed one. */
export async function findAccount(db: Db, email: string): Promise<Account | undefined> {
  const row = await db.selectFrom('operators').select(['id', 'name', 'email', 'password_hash', 'disabled_at', 'two_step_at']).where(sql`lower(email)`, '=', email.toLowerCase()).where('removed_at', 'is', null).executeTakeFirst()
  return row && { id: row.id, name: row.name, email: row.email, passwordHash: row.password_hash ?? undefined, disabled: row.disabled_at !== null, twoStep: row.two_step_at !== null }
}

/** The role that may do everything. */
export async function administratorRole(db: Db): Promise<number> {
  return (await db.selectFrom('roles').select('id').where('administrator', '=', true).executeTakeFirstOrThrow()).id
}

export async function setRoles(db: Db, id: number, roleIds: readonly number[]): Promise<void> {
  await db.deleteFrom('operator_roles').where('operator_id', '=', id).execute()
  if (roleIds.length) await db.insertInto('operator_roles').values(roleIds.map((roleId) => ({ operator_id: id, role_id: roleId }))).execute()
}

/** Names of those who may do everything, the first few. */
export async function listAdministrators(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('operators as o').innerJoin('operator_roles as h', 'h.operator_id', 'o.id').innerJoin('roles as r', 'r.id', 'h.role_id')
    .select('o.name').where('r.administrator', '=', true).where('o.disabled_at', 'is', null).orderBy('o.last_seen_at', (order) => order.desc().nullsLast()).orderBy('o.id').limit(3).execute()
  return rows.map((row) => row.name)
}

export async function insertOperator(db: Db, operator: { email: string; name: string; passwordHash: string | null; mustChangePassword: boolean; roleIds: readonly number[] }): Promise<number> {
  const { id } = await db.insertInto('operators').values({
    email: operator.email, name: operator.name, password_hash: operator.passwordHash, must_change_password: operator.mustChangePassword
  }).returning('id').executeTakeFirstOrThrow()
  await setRoles(db, id, operator.roleIds)
  return id
}

/** Sets a password. A one-time link that was made for another is worth nothing any more. Throws NotFound where the account was removed meanwhile. */
export async function setPassword(db: Db, id: number, password: { hash: string; mustChange: boolean }): Promise<void> {
  const { numUpdatedRows } = await db.updateTable('operators').set({ password_hash: password.hash, must_change_password: password.mustChange }).where('id', '=', id).where('removed_at', 'is', null).executeTakeFirst()
  if (numUpdatedRows === 0n) throw new NotFound('This account was removed meanwhile. Nothing was changed.')
  await deleteInvitation(db, id)
}

export async function setLastSeen(db: Db, id: number): Promise<void> {
  await db.updateTable('operators').set({ last_seen_at: new Date() }).where('id', '=', id).execute()
}

/** Nobody else adds or changes an operator until this transaction ends. */
export async function lockOperators(db: Db): Promise<void> {
  await sql`lock table operators in share row exclusive mode`.execute(db)
}

export async function deleteSession(db: Db, sessionId: string): Promise<void> {
  await db.deleteFrom('sessions').where('sid', '=', sessionId).execute()
}

/** Ends sessions of an operator, those included in which only the code is still to come, and those that a request under way keeps once more. */
export async function deleteSessionsOf(db: Db, operatorId: number): Promise<void> {
  await db.updateTable('operators').set({ signed_out_at: new Date() }).where('id', '=', operatorId).execute()
  await db.deleteFrom('sessions').where(sql`coalesce(sess ->> 'operatorId', sess -> 'awaitsCode' ->> 'operatorId')`, '=', String(operatorId)).execute()
}

export type AttemptKind = 'account' | 'address'

/**
 * May this account or address try once more? Counts the attempt at once, so that many at the same time do not all pass.
 * Answers the attempt, to be taken back by a success, or undefined where there were too many within the window.
 */
export async function insertAttempt(db: Db, attempt: { kind: AttemptKind; subject: string; limit: number; minutes: number }): Promise<string | undefined> {
  const { kind, subject, limit, minutes } = attempt
  const { rows } = await sql<{ at: string }>`
    insert into sign_in_failures (kind, subject, at)
    select ${kind}, ${subject}, clock_timestamp()
    where (select count(*) from sign_in_failures where kind = ${kind} and subject = ${subject} and at > now() - make_interval(mins => ${minutes})) < ${limit}
    returning at::text as at`.execute(db)
  return rows[0]?.at
}

export async function deleteAttempt(db: Db, kind: AttemptKind, subject: string, at: string): Promise<void> {
  await sql`delete from sign_in_failures where kind = ${kind} and subject = ${subject} and at = ${at}::timestamptz`.execute(db)
}

export async function deleteAttemptsOf(db: Db, kind: AttemptKind, subject: string): Promise<void> {
  await db.deleteFrom('sign_in_failures').where('kind', '=', kind).where('subject', '=', subject).execute()
}

/** Attempts that no limit counts any longer. */
export async function deleteOldAttempts(db: Db): Promise<void> {
  await sql`delete from sign_in_failures where at < now() - interval '1 day'`.execute(db)
}
