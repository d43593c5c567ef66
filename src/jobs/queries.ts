import { sql, type Selectable } from 'kysely'
import type { Database, Db, JobStatus } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { badEnds } from './job.ts'
import { endOfJob, type JobAbout } from './job-history.ts'

export type JobRow = Selectable<Database['jobs']>

export async function insertJob(db: Db, job: { kind: string; title: string; payload: unknown; operatorId: number | null; tokenId?: number | null; origin?: 'server' | 'command' }): Promise<number> {
  const { id } = await db.insertInto('jobs').values({
    kind: job.kind, title: job.title, payload: JSON.stringify(job.payload), operator_id: job.operatorId, token_id: job.tokenId ?? null, origin: job.origin ?? 'server'
  }).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function findJob(db: Db, id: number): Promise<JobRow | undefined> {
  return db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Which job of this operator is at work or next? The signal in the top bar. */
export async function findOpenJobOf(db: Db, operatorId: number): Promise<JobRow | undefined> {
  return db.selectFrom('jobs').selectAll().where('operator_id', '=', operatorId).where('status', 'in', ['running', 'waiting'])
    .orderBy(sql`status = 'running'`, 'desc').orderBy('id').limit(1).executeTakeFirst()
}

/** Which job of this kind has not ended yet, the oldest first? */
export async function findOpenJobOfKind(db: Db, kind: string): Promise<JobRow | undefined> {
  return db.selectFrom('jobs').selectAll().where('kind', '=', kind).where('status', 'in', ['running', 'waiting']).orderBy('id').limit(1).executeTakeFirst()
}

/** Which job of this kind that was given all of this has not ended yet? */
export async function findOpenJobWith(db: Db, kind: string, given: object): Promise<JobRow | undefined> {
  return db.selectFrom('jobs').selectAll().where('kind', '=', kind).where('status', 'in', ['running', 'waiting']).where(sql<boolean>`payload @> ${JSON.stringify(given)}::jsonb`).orderBy('id').limit(1).executeTakeFirst()
}

/** False where it does not wait any more: it was cancelled meanwhile. */
export async function setJobStarted(db: Db, id: number): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('jobs').set({ status: 'running', started_at: new Date(), ended_at: null, error: null, done: '0', total: '0', stage: null }).where('id', '=', id).where('status', '=', 'waiting').executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function setJobProgress(db: Db, id: number, progress: { stage: string; done: number; total: number }): Promise<void> {
  await db.updateTable('jobs').set({ stage: progress.stage, done: String(progress.done), total: String(progress.total) }).where('id', '=', id).where('status', '=', 'running').execute()
}

export async function setJobEnded(db: Db, id: number, end: { status: JobStatus; error?: string | null; result?: unknown }): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('jobs').set({
    status: end.status, ended_at: new Date(), error: end.error ?? null, ...(end.result === undefined ? {} : { result: JSON.stringify(end.result) })
    // A job may have ended itself, with the commit of its work.
  }).where('id', '=', id).where('status', '=', 'running').executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Asks a job to stop; a waiting one is ended at once. Answers its status now, or undefined where it had ended or was asked before. */
export async function setJobCancelled(db: Db, id: number): Promise<JobStatus | undefined> {
  const row = await db.updateTable('jobs').set({
    cancel_requested: true, status: sql`case when status = 'waiting' then 'cancelled' else status end`, ended_at: sql`case when status = 'waiting' then now() else ended_at end`
  }).where('id', '=', id).where('status', 'in', ['waiting', 'running']).where('cancel_requested', '=', false).returning('status').executeTakeFirst()
  return row?.status
}

/** A job that ended badly waits again, as if it had never begun. False where it is not one. */
export async function setJobWaiting(db: Db, id: number): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('jobs').set({ status: 'waiting', cancel_requested: false, started_at: null, ended_at: null, stage: null, done: '0', total: '0', error: null, result: null })
    .where('id', '=', id).where('status', 'in', badEnds).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** What the history says of a job: who ordered it, and the run or source that it is about. */
export async function getJobAbout(db: Db, id: number): Promise<JobAbout> {
  const row = await db.selectFrom('jobs as j').leftJoin('operators as o', 'o.id', 'j.operator_id').leftJoin('import_runs as r', 'r.job_id', 'j.id')
    .select(['j.id', 'j.kind', 'j.title', 'j.payload', 'o.id as operator_id', 'o.name', 'r.id as run_id', sql<string | null>`coalesce(r.source_id::text, j.payload ->> 'sourceId')`.as('source_id')]).where('j.id', '=', id).executeTakeFirstOrThrow()
  return { id: row.id, kind: row.kind, title: row.title, payload: row.payload, operator: row.operator_id === null || row.name === null ? null : { id: row.operator_id, name: row.name }, runId: row.run_id, sourceId: row.source_id === null ? null : Number(row.source_id) }
}

export async function isJobCancelled(db: Db, id: number): Promise<boolean> {
  const row = await db.selectFrom('jobs').select('cancel_requested').where('id', '=', id).executeTakeFirst()
  return row?.cancel_requested ?? true
}

/** Is there a job of this kind that waits behind this one? */
export async function hasLaterJob(db: Db, kind: string, id: number): Promise<boolean> {
  const row = await db.selectFrom('jobs').select('id').where('kind', '=', kind).where('status', '=', 'waiting').where('id', '>', id).limit(1).executeTakeFirst()
  return row !== undefined
}

/** What a killed process left behind: its running jobs wait again; those of a command cannot, as nobody watches them. Answers the waiting ones, oldest first. */
export async function recoverJobs(db: Db): Promise<number[]> {
  await db.transaction().execute(async (trx) => {
    const lost = await trx.updateTable('jobs').set({ status: 'failed', ended_at: new Date(), error: 'The command was interrupted. Nothing was changed; run it again.' })
      .where('origin', '=', 'command').where('status', 'in', ['running', 'waiting']).returning('id').execute()
    for (const { id } of lost) await insertHistory(trx, endOfJob(await getJobAbout(trx, id), 'failed'))
  })
  await db.updateTable('jobs').set({ status: 'waiting', stage: null }).where('status', '=', 'running').execute()
  const rows = await db.selectFrom('jobs').select('id').where('status', '=', 'waiting').orderBy('id').execute()
  return rows.map((row) => row.id)
}
