import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { nextTime, type Schedule } from './schedule.ts'

export interface KeptSchedule { schedule: Schedule; nextAt: Date | null; lastAt: Date | null }

/** What starts by itself: `kind` names the starter, `subjectId` what it starts. */
export interface Subject { kind: string; subjectId: number }

/** Sets or (with null) ends the schedule of a subject, in the transaction of the caller, who records it. `now` counts from. */
export async function setSchedule(db: Db, { kind, subjectId }: Subject, schedule: Schedule | null, operatorId: number | null, now: Date = new Date()): Promise<void> {
  if (schedule === null) {
    await db.deleteFrom('schedules').where('kind', '=', kind).where('subject_id', '=', subjectId).execute()
    return
  }
  const values = { schedule: JSON.stringify(schedule), next_at: nextTime(schedule, now), operator_id: operatorId }
  await db.insertInto('schedules').values({ kind, subject_id: subjectId, ...values }).onConflict((conflict) => conflict.columns(['kind', 'subject_id']).doUpdateSet(values)).execute()
}

export async function getSchedule(db: Db, { kind, subjectId }: Subject): Promise<KeptSchedule | undefined> {
  return (await listSchedules(db, kind, [subjectId])).get(subjectId)
}

/** The schedules of several subjects of a kind, by the number of the subject; of all where none are named. */
export async function listSchedules(db: Db, kind: string, subjectIds: readonly number[] | null = null): Promise<Map<number, KeptSchedule>> {
  let query = db.selectFrom('schedules').selectAll().where('kind', '=', kind)
  if (subjectIds) query = query.where('subject_id', '=', sql<number>`any(${[...subjectIds]}::int[])`)
  return new Map((await query.execute()).map((row) => [row.subject_id, { schedule: row.schedule as Schedule, nextAt: row.next_at, lastAt: row.last_at }]))
}

/** An import of a source is done: what waits for it is due. Called in the transaction of the run. */
export async function setDueAfterImport(db: Db, sourceId: number): Promise<void> {
  const today = sql`to_char(now() at time zone (schedule ->> 'timeZone'), 'YYYY-MM-DD')`
  await db.updateTable('schedules').set({ next_at: sql`now()` })
    .where(sql<boolean>`schedule ->> 'every' = 'import' and coalesce((schedule ->> 'sourceId')::int, ${sourceId}) = ${sourceId}`)
    .where(sql<boolean>`${today} between coalesce(schedule ->> 'start', '') and coalesce(schedule ->> 'end', '9999')`).execute()
}

/** Takes one schedule that is due and sets its next time, counted from `now`: however many times were missed, it is due once. Keeps it from others until the transaction ends. */
export async function takeDue(trx: Db, now: Date): Promise<(Subject & { id: number }) | undefined> {
  const row = await trx.selectFrom('schedules').selectAll().where('next_at', '<=', now).orderBy('next_at').limit(1).forUpdate().skipLocked().executeTakeFirst()
  if (!row) return undefined
  await trx.updateTable('schedules').set({ next_at: nextTime(row.schedule as Schedule, now), last_at: now }).where('id', '=', row.id).execute()
  return { id: row.id, kind: row.kind, subjectId: row.subject_id }
}
