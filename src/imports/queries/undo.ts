import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import { NotFound } from '../../problem.ts'
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
