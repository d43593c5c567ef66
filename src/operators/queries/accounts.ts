import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import { stretchesOf, type Order, type Position } from '../../db/keyset.ts'
import type { Sql } from '../../db/sql.ts'
import { NotFound } from '../../problem.ts'

/** An account as colleagues see it. */
export interface AccountRow {
  id: number; name: string; email: string; roleIds: number[]; lastSeen: Date | null; disabled: boolean; hasPassword: boolean; twoStep: boolean
  /** Until when a one-time link can be used. */
  linkUntil: Date | null
  /** Such an account is there by its name alone, and switched off. */
  removedAt: Date | null
}

const columns = sql`o.id, o.name, o.email, o.last_seen_at as "lastSeen", o.disabled_at is not null as disabled, o.password_hash is not null as "hasPassword", o.two_step_secret is not null as "twoStep", o.removed_at as "removedAt",
  (select i.expires_at from invitations i where i.operator_id = o.id and i.expires_at > now()) as "linkUntil",
  array(select h.role_id from operator_roles h where h.operator_id = o.id order by h.role_id) as "roleIds"`

/** An account, a removed one too. */
export async function getAccount(db: Db, id: number): Promise<AccountRow> {
  const { rows } = await sql<AccountRow>`select ${columns} from operators o where o.id = ${id}`.execute(db)
  if (!rows[0]) throw new NotFound('There is no such operator.')
  return rows[0]
}

/** How the list of operators runs. */
export const byName: Order = { name: 'operators', key: sql`lower(o.name)`, type: 'text', id: sql`o.id`, descending: false }

/** Which accounts that were not removed have this in their name or e-mail? In the order of names, from a position on. */
export async function listAccounts(db: Db, request: { search: string; from: Position | null; limit: number }): Promise<(AccountRow & { key: string })[]> {
  const [stretch] = stretchesOf(byName, request.from, false)
  const { rows } = await sql<AccountRow & { key: string }>`
    select ${columns}, lower(o.name) as key from operators o where o.removed_at is null and ${stretch!.where} and ${matches(request.search)} order by ${stretch!.orderBy} limit ${request.limit}`.execute(db)
  return rows
}

export async function countAccounts(db: Db, search: string): Promise<{ all: number; disabled: number }> {
  const { rows } = await sql<{ all: number; disabled: number }>`select count(*)::int as "all", count(o.disabled_at)::int as disabled from operators o where o.removed_at is null and ${matches(search)}`.execute(db)
  return rows[0]!
}

function matches(search: string): Sql {
  return search ? sql`strpos(lower(o.name || ' ' || o.email), ${search.toLowerCase()}) > 0` : sql`true`
}

/** Which of these addresses have an account? In lower case. */
export async function listKnownEmails(db: Db, emails: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ email: string }>`select lower(email) as email from operators where removed_at is null and lower(email) = any (${emails.map((email) => email.toLowerCase())}::text[])`.execute(db)
  return rows.map((row) => row.email)
}

/** Has another account this address? */
export async function isEmailTaken(db: Db, email: string, exceptId: number): Promise<boolean> {
  return (await db.selectFrom('operators').select('id').where(sql`lower(email)`, '=', email.toLowerCase()).where('id', '<>', exceptId).where('removed_at', 'is', null).executeTakeFirst()) !== undefined
}

export async function setEmail(db: Db, id: number, email: string): Promise<void> {
  await db.updateTable('operators').set({ email }).where('id', '=', id).execute()
}

export async function setName(db: Db, id: number, name: string): Promise<void> {
  await db.updateTable('operators').set({ name }).where('id', '=', id).execute()
}

export async function setDisabled(db: Db, id: number, disabled: boolean): Promise<void> {
  await db.updateTable('operators').set({ disabled_at: disabled ? new Date() : null }).where('id', '=', id).execute()
}

/** Takes everything from an account but its number, name and address, by which it is known. */
export async function setRemoved(db: Db, id: number): Promise<void> {
  await db.updateTable('operators').set({ removed_at: sql`now()`, disabled_at: sql`coalesce(disabled_at, now())`, password_hash: null, must_change_password: false }).where('id', '=', id).execute()
}

/** When was the last account of this address removed? */
export async function findRemoval(db: Db, email: string): Promise<Date | undefined> {
  const row = await db.selectFrom('operators').select('removed_at').where(sql`lower(email)`, '=', email.toLowerCase()).where('removed_at', 'is not', null).orderBy('removed_at', 'desc').limit(1).executeTakeFirst()
  return row?.removed_at ?? undefined
}

/** How many administrators can sign in: those who are switched off or never set a password cannot. */
export async function countAdministrators(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from operators o where o.disabled_at is null and o.password_hash is not null
    and exists (select from operator_roles h join roles r on r.id = h.role_id where h.operator_id = o.id and r.administrator)`.execute(db)
  return rows[0]!.count
}
