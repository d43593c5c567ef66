import { sql } from 'kysely'
import { atOnce } from '../db/at-once.ts'
import type { Db, JobStatus } from '../db/database.ts'
import { isOpen } from '../jobs/labels.ts'

/** What the database tells of the console; seconds are seconds, times seconds since 1970. */
export interface Numbers {
  users: number; alerts: number
  open: { kind: string; status: string; count: number }[]
  ended: { kind: string; status: string; count: number; seconds: number }[]
  rows: Record<'read' | 'new' | 'changed' | 'unchanged' | 'removed' | 'rejected', number>
  imported: { alias: string; at: number }[]
  connections: { program: string; state: string; count: number }[]
}

export async function readNumbers(db: Db): Promise<Numbers> {
  const [jobs, imports, connections, single] = await atOnce(db, (one) => Promise.all([readJobs(one), readImports(one), readConnections(one), readSingle(one)]))
  return { ...jobs, ...imports, connections, ...single }
}

async function readJobs(db: Db): Promise<Pick<Numbers, 'open' | 'ended'>> {
  const { rows } = await sql<{ kind: string; status: JobStatus; count: number; seconds: number }>`
    select kind, status, count(*)::float8 as count, coalesce(sum(extract(epoch from ended_at - started_at)), 0)::float8 as seconds
    from jobs group by kind, status order by kind, status`.execute(db)
  return { open: rows.filter(({ status }) => isOpen(status)), ended: rows.filter(({ status }) => !isOpen(status)) }
}

/** Runs that were taken back count: their rows passed all the same, and a counter never falls. */
async function readImports(db: Db): Promise<Pick<Numbers, 'rows' | 'imported'>> {
  const { rows: [totals] } = await sql<Numbers['rows']>`
    select coalesce(sum(r.rows_read), 0)::float8 as read, coalesce(sum(r.rows_new), 0)::float8 as new, coalesce(sum(r.rows_changed), 0)::float8 as changed,
      coalesce(sum(r.rows_unchanged), 0)::float8 as unchanged, coalesce(sum(r.rows_removed), 0)::float8 as removed, coalesce(sum(r.rows_rejected), 0)::float8 as rejected
    from import_runs r join jobs j on j.id = r.job_id where j.status = 'done'`.execute(db)
  const { rows: imported } = await sql<{ alias: string; at: number }>`
    select s.alias, extract(epoch from max(j.ended_at))::float8 as at
    from sources s join import_runs r on r.source_id = s.id join jobs j on j.id = r.job_id
    where s.removed_at is null and j.status = 'done' group by s.id, s.alias order by s.alias`.execute(db)
  return { rows: totals!, imported }
}

async function readConnections(db: Db): Promise<Numbers['connections']> {
  const { rows } = await sql<Numbers['connections'][number]>`
    select application_name as program, coalesce(state, 'unknown') as state, count(*)::float8 as count from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' group by 1, 2 order by 1, 2`.execute(db)
  return rows
}

async function readSingle(db: Db): Promise<Pick<Numbers, 'users' | 'alerts'>> {
  const { rows: [row] } = await sql<Pick<Numbers, 'users' | 'alerts'>>`
    select (select user_count from catalog_state)::float8 as users, (select count(*) from alerts where ended_at is null)::float8 as alerts`.execute(db)
  return row!
}
