import { sql } from 'kysely'
import type { Db, JobStatus } from '../../db/database.ts'
import { badEnds } from '../job.ts'
import type { JobRow } from '../queries.ts'
import type { Ended } from '../retry.ts'

/** A job as the list shows it. */
export type ListedJob = JobRow & Ended & { operator: string | null; runId: number | null }

export interface JobFilter {
  /** 'open': waiting or running; 'bad': failed, stopped or cancelled. */
  state: JobStatus | 'open' | 'bad' | null
  kind: string | null
  /** Those of this operator alone; null: of everybody. */
  operatorId: number | null
}

const states: Record<'open' | 'bad', readonly JobStatus[]> = { open: ['waiting', 'running'], bad: badEnds }

/** Jobs, newest first, older than `before` where that is given. Counts of values are nobody's act: those that went well, or gave way to a later one, are listed only where that kind is asked for. */
export async function listJobs(db: Db, { state, kind, operatorId }: JobFilter, before: number | null, limit: number): Promise<ListedJob[]> {
  return select(db).where('j.id', '<', before ?? 2_147_483_647)
    .$if(kind === null, (query) => query.where(({ not, and, eb }) => not(and([eb('j.kind', '=', 'statistics'), eb('j.status', 'in', ['done', 'cancelled'])]))))
    .$if(kind !== null, (query) => query.where('j.kind', '=', kind as string))
    .$if(operatorId !== null, (query) => query.where('j.operator_id', '=', operatorId as number))
    .$if(state !== null, (query) => query.where('j.status', 'in', state === 'open' || state === 'bad' ? states[state] : [state as JobStatus]))
    .orderBy('j.id', 'desc').limit(limit).execute()
}

export async function findListedJob(db: Db, id: number): Promise<ListedJob | undefined> {
  return select(db).where('j.id', '=', id).executeTakeFirst()
}

/** How many jobs have not ended yet, of this operator or of everybody? */
export async function countOpenJobs(db: Db, operatorId: number | null): Promise<number> {
  const { count } = await db.selectFrom('jobs').select(({ fn }) => fn.countAll<string>().as('count')).where('status', 'in', states.open).$if(operatorId !== null, (query) => query.where('operator_id', '=', operatorId as number)).executeTakeFirstOrThrow()
  return Number(count)
}

function select(db: Db) {
  return db.selectFrom('jobs as j').leftJoin('operators as o', 'o.id', 'j.operator_id').leftJoin('import_runs as r', 'r.job_id', 'j.id').selectAll('j').select([
    'o.name as operator', 'r.id as runId',
    // A later run of the same source, or later settings of the mapping, would be taken back by an older one.
    sql<boolean>`case j.kind when 'remap' then exists (select from jobs l where l.kind = 'remap' and l.id > j.id and l.status = 'done')
      when 'import' then exists (select from import_runs n join jobs l on l.id = n.job_id where n.source_id = r.source_id and n.id > r.id and l.status = 'done')
      when 'audience' then exists (select from jobs l where l.kind = 'audience' and l.id > j.id and l.status = 'done' and l.payload -> 'audienceId' = j.payload -> 'audienceId')
      else false end`.as('overtaken'),
    // What was uploaded goes when its job is stopped or cancelled; a choice of users is kept for a day.
    sql<boolean>`case j.kind when 'import' then r.origin is null and j.status in ('stopped', 'cancelled') when 'batch' then not exists (select from selections s where s.id::text = j.payload ->> 'selectionId')
      when 'audience' then j.payload ? 'file' else false end`.as('lost')
  ])
}
