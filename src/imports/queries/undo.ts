import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import { NotFound } from '../../problem.ts'
import type { KeptRun } from '../restore-rows.ts'
import type { RunUndo } from '../undo-refusal.ts'

export async function getRunUndo(db: Db, runId: number): Promise<RunUndo> {
  const row = await db.selectFrom('import_runs as r').innerJoin('jobs as j', 'j.id', 'r.job_id').innerJoin('sources as s', 's.id', 'r.source_id')
    .select(['r.id', 'r.source_id', 'r.before_kind', 'r.before_table', 'r.undone_by', 'j.status', 's.alias', 's.removing', 's.removed_at'])
    .select(sql<boolean>`exists (select from source_columns c where c.source_id = s.id and c.pending is not null)`.as('pending')).where('r.id', '=', runId).executeTakeFirst()
  if (!row) throw new NotFound('There is no such run.')
  const last = await db.selectFrom('import_runs as r').innerJoin('jobs as j', 'j.id', 'r.job_id').select(['r.id', 'r.undone_by']).where('r.source_id', '=', row.source_id).where('j.status', '=', 'done').orderBy('j.ended_at', 'desc').orderBy('r.id', 'desc').limit(1).executeTakeFirst()
  return {
    id: row.id, sourceId: row.source_id, alias: row.alias, status: row.status, sourceGone: row.removing || row.removed_at !== null, structurePending: row.pending,
    kept: row.before_kind ? { id: row.id, kind: row.before_kind, table: row.before_table } : null, undoneBy: row.undone_by, lastRun: last ? { id: last.id, undone: last.undone_by !== null } : null
  }
}

/** The history entry that says what the run did; that of its order came before. */
export async function findImportEntry(db: Db, runId: number): Promise<string | undefined> {
  const row = await db.selectFrom('history_entries').select('id').where('run_id', '=', runId).where('kind', '=', 'import').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row?.id
}

/** Which run of this source waits or is at work? */
export async function findOpenRun(db: Db, sourceId: number): Promise<number | undefined> {
  const row = await db.selectFrom('import_runs as r').innerJoin('jobs as j', 'j.id', 'r.job_id').select('r.id').where('r.source_id', '=', sourceId).where('j.status', 'in', ['waiting', 'running']).orderBy('r.id').limit(1).executeTakeFirst()
  return row?.id
}

/** The job that undoes this run, while it waits or is at work. */
export async function findOpenUndo(db: Db, runId: number): Promise<number | undefined> {
  const row = await db.selectFrom('jobs').select('id').where('kind', '=', 'undo_run').where('status', 'in', ['waiting', 'running']).where(sql`(payload ->> 'runId')::int`, '=', runId).limit(1).executeTakeFirst()
  return row?.id
}

export interface DecisionsOfUndo {
  /** That the run ended, and that count again: no later one was made about the same. */
  returning: number
  /** That stand under rows which go with the run. */
  onRowsThatGo: number
}

/** What becomes of hand-set values when a run is undone? */
export async function countDecisionsOfUndo(db: Db, kept: KeptRun, rowsTable: string): Promise<DecisionsOfUndo> {
  const stays = kept.table ? sql`and not exists (select from ${sql.table(kept.table)} b where b.row_number = r.row_number)` : sql``
  const goes = kept.kind === 'none' ? sql`0` : sql`(select count(*) from overrides o join ${sql.table(rowsTable)} r on r.row_number = o.row_number ${kept.kind === 'first' ? sql`` : sql`and r.run_id = ${kept.id}`} where o.undone_by is null and o.policy <> 'source' and o.ended_by_run is null ${stays})`
  const { rows } = await sql<{ returning: string; going: string }>`select ${goes} as going, (select count(*) from overrides o where o.ended_by_run = ${kept.id} and o.undone_by is null
    and not exists (select from overrides l where l.row_number = o.row_number and l.column_id = o.column_id and l.undone_by is null and l.id > o.id)) as returning`.execute(db)
  return { returning: Number(rows[0]?.returning), onRowsThatGo: Number(rows[0]?.going) }
}
