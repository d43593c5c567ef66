import { sql } from 'kysely'
import type { Permission } from '../access/permissions.ts'
import type { Db } from '../db/database.ts'

/** `subject` is what went wrong ('import:3'), so that one alert is open for it; `permission`: who is told. `message` is a sentence without personal data. */
export interface NewAlert { subject: string; permission: Permission; message: string; href: string | null }

export interface Alert { id: number; subject: string; permission: string; message: string; href: string | null; times: number; raisedAt: Date; lastAt: Date; endedAt: Date | null; endedBy: string | null }

/** Tells those who hold the permission, by a banner and, where that is set, by mail. What went wrong before is told once more only when it had ended. */
export async function raiseAlert(db: Db, { subject, permission, message, href }: NewAlert): Promise<void> {
  await db.insertInto('alerts').values({ subject, permission, message, href })
    .onConflict((conflict) => conflict.column('subject').where('ended_at', 'is', null).doUpdateSet({ message, href, permission, times: sql`alerts.times + 1`, last_at: sql`now()` })).execute()
}

/** It works again, or somebody (`operatorId`) saw to it. */
export async function endAlert(db: Db, { subject }: { subject: string }, operatorId: number | null): Promise<void> {
  await db.updateTable('alerts').set({ ended_at: sql`now()`, ended_by: operatorId }).where('ended_at', 'is', null).where('subject', '=', subject).execute()
}

/** Somebody has read it. Answers whether one was open that they are told of. */
export async function dismissAlert(db: Db, id: number, operator: { id: number; permissions: ReadonlySet<string> }): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('alerts').set({ ended_at: sql`now()`, ended_by: operator.id }).where('ended_at', 'is', null).where('id', '=', id).where('permission', '=', among(operator.permissions)).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Open ones that somebody with these permissions is told of, newest first. */
export async function listOpenAlerts(db: Db, permissions: ReadonlySet<string>, limit: number): Promise<Alert[]> {
  return alerts(db, (query) => query.where('a.ended_at', 'is', null).where('a.permission', '=', among(permissions)).orderBy('a.last_at', 'desc').limit(limit))
}

/** All of them, newest first; older than `before` where that is given. */
export async function listAlerts(db: Db, permissions: ReadonlySet<string>, before: number | null, limit: number): Promise<Alert[]> {
  return alerts(db, (query) => query.where('a.permission', '=', among(permissions)).where('a.id', '<', before ?? 2_147_483_647).orderBy('a.id', 'desc').limit(limit))
}

/** Open ones that no mail has told of; marked as told for whoever asks next. */
export async function takeUnmailed(db: Db): Promise<Alert[]> {
  const { rows } = await sql<{ id: number }>`update alerts set mailed_at = now() where ended_at is null and mailed_at is null returning id`.execute(db)
  return rows.length ? alerts(db, (query) => query.where('a.id', 'in', rows.map(({ id }) => id)).orderBy('a.id')) : []
}

/** To be mailed again: it did not come through. */
export async function setUnmailed(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length) await db.updateTable('alerts').set({ mailed_at: null }).where('id', 'in', [...ids]).execute()
}

const among = (permissions: ReadonlySet<string>) => sql<string>`any(${[...permissions]}::text[])`

type Query = ReturnType<typeof selectAlerts>

function selectAlerts(db: Db) {
  return db.selectFrom('alerts as a').leftJoin('operators as o', 'o.id', 'a.ended_by').selectAll('a').select('o.name as ended_name')
}

async function alerts(db: Db, narrow: (query: Query) => Query): Promise<Alert[]> {
  return (await narrow(selectAlerts(db)).execute()).map((row) => ({
    id: row.id, subject: row.subject, permission: row.permission, message: row.message, href: row.href, times: row.times, raisedAt: row.raised_at, lastAt: row.last_at, endedAt: row.ended_at, endedBy: row.ended_name
  }))
}
