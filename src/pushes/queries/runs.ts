import { sql, type Transaction } from 'kysely'
import type { Database, Db } from '../../db/database.ts'
import type { ExportSight } from '../../exports/sight.ts'
import type { PushRun, RunState } from '../push.ts'

function selectRuns(db: Db) {
  return db.selectFrom('push_runs as r').leftJoin('operators as o', 'o.id', 'r.operator_id').leftJoin('jobs as j', 'j.id', 'r.job_id').selectAll('r')
    .select(['o.name as by', 'j.cancel_requested', sql<number>`(select count(*)::int from push_batches b where b.run_id = r.id)`.as('open'), sql<number>`(select count(*)::int from push_failures f where f.run_id = r.id and f.again_run is null)`.as('failed')])
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRuns>['executeTakeFirstOrThrow']>>

function toRun(row: Row): PushRun {
  return {
    id: row.id, pushId: row.push_id, state: row.state, at: row.at, startedAt: row.started_at, endedAt: row.ended_at, by: row.by, jobId: row.job_id, cancelling: row.cancel_requested ?? false, againOf: row.again_of,
    total: row.total === null ? null : Number(row.total), sent: Number(row.sent), refused: Number(row.refused), leftOut: Number(row.left_out), counts: row.counts, open: row.open, failed: row.failed, problem: row.problem,
    file: row.file, bytes: row.bytes === null ? null : Number(row.bytes), madeAt: row.made_at, sight: row.sight as ExportSight | null
  }
}

export async function findRun(db: Db, pushId: number, id: number): Promise<PushRun | undefined> {
  const row = await selectRuns(db).where('r.id', '=', id).where('r.push_id', '=', pushId).executeTakeFirst()
  return row && toRun(row)
}

/** The run that a job does. */
export async function findRunOfJob(db: Db, jobId: number): Promise<PushRun | undefined> {
  const row = await selectRuns(db).where('r.job_id', '=', jobId).executeTakeFirst()
  return row && toRun(row)
}

export async function getRunOfJob(db: Db, jobId: number): Promise<PushRun> {
  const run = await findRunOfJob(db, jobId)
  if (!run) throw new Error(`job ${jobId} does no run`)
  return run
}

/** Runs of a push, newest first. */
export async function listRuns(db: Db, pushId: number, before: number | null, limit: number): Promise<PushRun[]> {
  const query = selectRuns(db).where('r.push_id', '=', pushId)
  return (await (before === null ? query : query.where('r.id', '<', before)).orderBy('r.id', 'desc').limit(limit).execute()).map(toRun)
}

/** The last run of each push, by the number of the push. */
export async function listLastRuns(db: Db, pushIds: readonly number[]): Promise<Map<number, PushRun>> {
  if (pushIds.length === 0) return new Map()
  const rows = await selectRuns(db).where('r.id', 'in', db.selectFrom('push_runs').select((eb) => eb.fn.max('id').as('id')).where('push_id', 'in', [...pushIds]).groupBy('push_id')).execute()
  return new Map(rows.map((row) => [row.push_id, toRun(row)]))
}

export async function findRunUnderWay(db: Db, pushId: number): Promise<PushRun | undefined> {
  const row = await selectRuns(db).where('r.push_id', '=', pushId).where('r.state', 'in', ['waiting', 'running']).executeTakeFirst()
  return row && toRun(row)
}

export async function insertRun(trx: Transaction<Database>, run: { pushId: number; operatorId: number | null; againOf?: number | null; state?: RunState; problem?: string }): Promise<number> {
  const ended = run.state === 'skipped'
  const { id } = await trx.insertInto('push_runs').values({
    push_id: run.pushId, operator_id: run.operatorId, again_of: run.againOf ?? null, state: run.state ?? 'waiting', problem: run.problem ?? null, ended_at: ended ? new Date() : null
  }).returning('id').executeTakeFirstOrThrow()
  return id
}

/** The job that does it, from the beginning or on from where it was interrupted. */
export async function setRunJob(trx: Transaction<Database>, id: number, jobId: number): Promise<void> {
  await trx.updateTable('push_runs').set({ job_id: jobId, state: 'waiting', ended_at: null, problem: null }).where('id', '=', id).execute()
}

export async function setRunStarted(db: Db, id: number): Promise<void> {
  await db.updateTable('push_runs').set({ state: 'running', started_at: sql`coalesce(started_at, clock_timestamp())` }).where('id', '=', id).execute()
}

export async function setRunEnded(db: Db, id: number, end: { state: RunState; problem?: string }): Promise<void> {
  await db.updateTable('push_runs').set({ state: end.state, ...(end.problem === undefined ? {} : { problem: end.problem }), ended_at: sql`clock_timestamp()` }).where('id', '=', id).execute()
}

export async function setRunFile(db: Db, id: number, made: { file: string; bytes: number; sight: ExportSight; total: number; sent: number; leftOut: number; counts: Record<string, number>; note: string | null }): Promise<void> {
  await db.updateTable('push_runs').set({
    problem: made.note, file: made.file, bytes: String(made.bytes), made_at: new Date(), sight: JSON.stringify(made.sight), total: String(made.total), sent: String(made.sent), left_out: String(made.leftOut), counts: JSON.stringify(made.counts)
  }).where('id', '=', id).execute()
}

/** Names of the files that are there by their records. */
export async function listRunFiles(db: Db): Promise<string[]> {
  return (await db.selectFrom('push_runs').select('file').where('file', 'is not', null).execute()).map((row) => row.file as string)
}

/** Forgets the files that were made more than so many hours ago, and answers their names; 0 for all files. */
export async function takeOldRunFiles(db: Db, hours: number): Promise<string[]> {
  const { rows } = await sql<{ file: string }>`
    with old as (select id, file from push_runs where file is not null and made_at <= now() - make_interval(hours => ${hours}) for update)
    update push_runs r set file = null from old where r.id = old.id returning old.file`.execute(db)
  return rows.map((row) => row.file)
}
