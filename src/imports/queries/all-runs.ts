import type { Db, JobStatus } from '../../db/database.ts'
import { selectRuns, toRun, type Run } from '../queries.ts'
import type { Started } from '../run-origin.ts'

export interface RunFilter { sourceId: number | null; state: JobStatus | 'undone' | null; started: Started | null }

/** Runs of all sources, newest first, older than `before` where that is given. */
export async function listAllRuns(db: Db, filter: RunFilter, before: number | null, limit: number): Promise<Run[]> {
  const { sourceId, state, started } = filter
  const rows = await selectRuns(db).where('r.id', '<', before ?? 2_147_483_647)
    .$if(sourceId !== null, (query) => query.where('r.source_id', '=', sourceId as number))
    .$if(started !== null, (query) => query.where('r.started', '=', started as Started))
    .$if(state === 'undone', (query) => query.where('r.undone_by', 'is not', null))
    .$if(state !== null && state !== 'undone', (query) => query.where('j.status', '=', state as JobStatus).where('r.undone_by', 'is', null))
    .orderBy('r.id', 'desc').limit(limit).execute()
  return rows.map(toRun)
}

/** Every source that has runs, those that were removed as well. */
export async function listRunSources(db: Db): Promise<{ id: number; alias: string; removed: boolean }[]> {
  const rows = await db.selectFrom('sources as s').select(['s.id', 's.alias', 's.removed_at']).where(({ exists, selectFrom }) => exists(selectFrom('import_runs as r').select('r.id').whereRef('r.source_id', '=', 's.id'))).orderBy('s.alias').orderBy('s.id').execute()
  return rows.map((row) => ({ id: row.id, alias: row.alias, removed: row.removed_at !== null }))
}
