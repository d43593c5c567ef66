import { sql } from 'kysely'
import type { BeforeKind, Db, JobStatus } from '../db/database.ts'
import type { Mark, RunOrigin, Started } from './run-origin.ts'

export interface Run {
  id: number; sourceId: number; alias: string; sourceRemoved: boolean; jobId: number
  fileName: string; filePath: string | null; fileBytes: number; whole: boolean; createdAt: Date
  operator: string | null; started: Started
  /** The table it reads; null for a file. */
  origin: RunOrigin | null
  status: JobStatus; stage: string | null; done: number; total: number; error: string | null; cancelRequested: boolean; startedAt: Date | null; endedAt: Date | null
  read: number | null; new: number | null; changed: number | null; unchanged: number | null; rejected: number | null; removed: number | null
  /** Rows left out since they are of people who were erased. */
  erased: number | null
  usersNew: number | null; usersJoined: number | null; usersSplit: number | null; joinsRefused: number | null
  decisionsKept: number | null; decisionsEnded: number | null; decisionsDiffer: number | null
  beforeKind: BeforeKind | null
  /** When and by whom it was undone; both null where that entry of the history is not kept any more. */
  undone: { at: Date | null; by: string | null } | null
}

/** Runs with their job, source and operator. */
export function selectRuns(db: Db) {
  return db.selectFrom('import_runs as r').innerJoin('jobs as j', 'j.id', 'r.job_id').innerJoin('sources as s', 's.id', 'r.source_id').leftJoin('operators as o', 'o.id', 'r.operator_id').leftJoin('history_entries as h', 'h.id', 'r.undone_by')
    .selectAll('r').select(['j.status', 'j.stage', 'j.done', 'j.total', 'j.error', 'j.cancel_requested', 'j.started_at', 'j.ended_at', 's.alias', 's.removed_at', 'o.name as operator', 'h.at as undone_at', 'h.operator_name as undone_by_name'])
}

type RunRow = Awaited<ReturnType<ReturnType<typeof selectRuns>['executeTakeFirstOrThrow']>>

const count = (text: string | null) => (text === null ? null : Number(text))

export function toRun(row: RunRow): Run {
  return {
    id: row.id, sourceId: row.source_id, alias: row.alias, sourceRemoved: row.removed_at !== null, jobId: row.job_id,
    fileName: row.file_name, filePath: row.file_path, fileBytes: Number(row.file_bytes), whole: row.whole, createdAt: row.created_at, operator: row.operator, started: row.started, origin: row.origin as RunOrigin | null,
    status: row.status, stage: row.stage, done: Number(row.done), total: Number(row.total), error: row.error, cancelRequested: row.cancel_requested, startedAt: row.started_at, endedAt: row.ended_at,
    read: count(row.rows_read), new: count(row.rows_new), changed: count(row.rows_changed), unchanged: count(row.rows_unchanged), rejected: count(row.rows_rejected), removed: count(row.rows_removed), erased: count(row.rows_erased),
    usersNew: count(row.users_new), usersJoined: count(row.users_joined), usersSplit: count(row.users_split), joinsRefused: count(row.joins_refused),
    decisionsKept: count(row.decisions_kept), decisionsEnded: count(row.decisions_ended), decisionsDiffer: count(row.decisions_differ),
    beforeKind: row.before_kind, undone: row.undone_by === null ? null : { at: row.undone_at, by: row.undone_by_name }
  }
}

export async function findRun(db: Db, id: number): Promise<Run | undefined> {
  const row = await selectRuns(db).where('r.id', '=', id).executeTakeFirst()
  return row && toRun(row)
}

/** Runs of a source, newest first, older than `before` where that is given. */
export async function listRuns(db: Db, sourceId: number, limit: number, before?: number): Promise<Run[]> {
  const rows = await selectRuns(db).where('r.source_id', '=', sourceId).$if(before !== undefined, (query) => query.where('r.id', '<', before as number)).orderBy('r.id', 'desc').limit(limit).execute()
  return rows.map(toRun)
}

/** Which run made the data that pages show: the last one that was done, other than `than`? */
export async function findLastDoneRun(db: Db, sourceId: number, than = 0): Promise<Run | undefined> {
  const row = await selectRuns(db).where('r.source_id', '=', sourceId).where('j.status', '=', 'done').where('r.undone_by', 'is', null).where('r.id', '<>', than).orderBy('r.id', 'desc').limit(1).executeTakeFirst()
  return row && toRun(row)
}

/** The latest run of each source that has one. */
export async function listLatestRuns(db: Db): Promise<Run[]> {
  const rows = await selectRuns(db).distinctOn('r.source_id').orderBy('r.source_id').orderBy('r.id', 'desc').execute()
  return rows.map(toRun)
}

export interface NewRun { sourceId: number; fileName: string; filePath: string | null; fileBytes: number; whole: boolean; operatorId: number | null; origin: RunOrigin | null; started: Started }

/** The id that the next run will have: its job is recorded before it and must name it. */
export async function takeRunId(db: Db): Promise<number> {
  const { rows } = await sql<{ id: string }>`select nextval(pg_get_serial_sequence('import_runs', 'id')) as id`.execute(db)
  return Number(rows[0]?.id)
}

export async function insertRun(db: Db, id: number, jobId: number, run: NewRun): Promise<void> {
  await sql`
    insert into import_runs (id, source_id, job_id, file_name, file_path, file_bytes, whole, operator_id, origin, started) overriding system value
    values (${id}, ${run.sourceId}, ${jobId}, ${run.fileName}, ${run.filePath}, ${run.fileBytes}, ${run.whole}, ${run.operatorId}, ${run.origin && JSON.stringify(run.origin)}::jsonb, ${run.started})`.execute(db)
}

/** How many rows were rejected for each reason? */
export async function countRejected(db: Db, runId: number): Promise<{ reason: string; count: number }[]> {
  const rows = await db.selectFrom('rejected_rows').select(['reason', (eb) => eb.fn.countAll<string>().as('count')]).where('run_id', '=', runId).groupBy('reason').orderBy('count', 'desc').orderBy('reason').execute()
  return rows.map((row) => ({ reason: row.reason, count: Number(row.count) }))
}

export interface RejectedRow { line: string; reason: string; detail: string; content: string }

/** Rejected rows after a line, in the order of the file. */
export async function listRejected(db: Db, runId: number, afterLine: string, limit: number): Promise<RejectedRow[]> {
  return db.selectFrom('rejected_rows').select(['line', 'reason', 'detail', 'content']).where('run_id', '=', runId).where('line', '>', afterLine).orderBy('line').limit(limit).execute()
}

export async function deleteOldRejected(db: Db, days: number): Promise<void> {
  await sql`delete from rejected_rows where at < now() - make_interval(days => ${days})`.execute(db)
}

/** Which run of this source is waiting or at work? */
export async function findOpenRun(db: Db, sourceId: number): Promise<Run | undefined> {
  const row = await selectRuns(db).where('r.source_id', '=', sourceId).where('j.status', 'in', ['waiting', 'running']).orderBy('r.id').limit(1).executeTakeFirst()
  return row && toRun(row)
}

export async function hasOpenRun(db: Db, sourceId: number): Promise<boolean> {
  return (await findOpenRun(db, sourceId)) !== undefined
}

/** How far did the last run of a table come that counts? Null where everything is to be read: before the first rows, and after a change of structure. */
export async function findMark(db: Db, sourceId: number): Promise<Mark | null> {
  const row = await db.selectFrom('import_runs as r').innerJoin('jobs as j', 'j.id', 'r.job_id').innerJoin('sources as s', 's.id', 'r.source_id').select('r.mark')
    .where('r.source_id', '=', sourceId).where('j.status', '=', 'done').where('r.undone_by', 'is', null).where('r.mark', 'is not', null)
    .where('s.rows_table', 'is not', null).where('s.structure_pending', '=', false).orderBy('r.id', 'desc').limit(1).executeTakeFirst()
  return (row?.mark ?? null) as Mark | null
}

/** Have numbers been given to rows of this source that are not there any more? */
export async function hasRowNumbers(db: Db, sourceId: number): Promise<boolean> {
  return (await db.selectFrom('removed_rows').select('row_number').where('source_id', '=', sourceId).limit(1).executeTakeFirst()) !== undefined
}
