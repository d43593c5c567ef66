import type { CatalogSource } from '../catalog/catalog.ts'
import type { BeforeKind, Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import type { MappingOutcome } from '../identities/remap-rows.ts'
import { endJob } from '../jobs/end-job.ts'
import { setDueAfterImport } from '../schedules/queries.ts'
import type { Work } from '../jobs/work.ts'
import { countDecisions } from '../overrides/count-decisions.ts'
import { NotFound } from '../problem.ts'
import { publishTables } from '../projection/publish-tables.ts'
import type { Comparison } from './compare-rows.ts'
import { addNewColumns, applyStructure } from './plan-structure.ts'
import type { Mark, RunOrigin, Started } from './run-origin.ts'

export interface RunRecord { id: number; source_id: number; job_id: number; file_name: string; file_path: string | null; whole: boolean; operator_id: number | null; uploaded: boolean; origin: RunOrigin | null; started: Started }

export async function getRun(db: Db, id: number): Promise<RunRecord> {
  const row = await db.selectFrom('import_runs as r').innerJoin('jobs as j', 'j.id', 'r.job_id').selectAll('r').select('j.origin as job_origin').where('r.id', '=', id).executeTakeFirst()
  if (!row) throw new NotFound('There is no such run.')
  return { ...row, uploaded: row.job_origin === 'server', origin: row.origin as RunOrigin | null }
}

/** More than half of the rows would be rejected: says so and keeps them for the download; nothing else was written. */
export async function stopRun(work: Work, runId: number, stage: { table: string; rows: number }, rejected: number): Promise<string> {
  await work.run(`drop table ${stage.table}`)
  await work.run('update import_runs set rows_read = $2, rows_rejected = $3 where id = $1', [runId, stage.rows, rejected])
  return `${format(rejected)} of ${format(stage.rows)} rows would have been rejected, more than half. Nothing was changed. Look at the rejected rows, correct how columns are read, and import again.`
}

const format = (number: number) => number.toLocaleString('en')

export interface RunEnd {
  run: RunRecord; source: CatalogSource; former: CatalogSource; delta: Comparison; rejected: number; erased: number; rowsRead: number; rowTime: Date
  outcome: MappingOutcome; decisionsEnded: number; beforeTable: string | null; structureChanged: boolean; names: string[]; mark: Mark | null
}

/** The last step of a run, in its transaction: counts, history, and the names of the tables that pages read from now on. */
export async function endRun(work: Work, end: RunEnd): Promise<void> {
  const { run, delta, outcome } = end
  if (end.structureChanged) await applyStructure(work, end.source)
  await addNewColumns(work, end.source, end.names)
  const { kept, differ } = await countDecisions(work, end.source)
  const before = beforeOf(end)
  await work.run(`update import_runs set rows_read = $2, rows_new = $3, rows_changed = $4, rows_unchanged = $5, rows_rejected = $6, rows_removed = $7, users_new = $8, users_joined = $9, users_split = $10, joins_refused = $11, row_time = $12, before_table = $13, decisions_kept = $14, decisions_ended = $15, decisions_differ = $16, before_kind = $17, rows_erased = $18, mark = $19 where id = $1`,
    [run.id, end.rowsRead, delta.newRows, delta.changedRows, delta.unchanged, end.rejected, delta.removedRows, outcome.usersNew, outcome.usersJoined, outcome.usersSplit, outcome.joinsRefused, end.rowTime, before.table, kept, end.decisionsEnded, differ, before.kind, end.erased, end.mark && JSON.stringify(end.mark)])
  const retired = await forgetBefore(work, end.source.id, run.id)
  const operator = run.operator_id === null ? undefined : (await work.rows<{ id: number; name: string }>('select id, name from operators where id = $1', [run.operator_id]))[0]
  await insertHistory(work.db, {
    kind: 'import', operator: operator ?? null, sourceId: end.source.id, runId: run.id, jobId: run.job_id, usersAffected: delta.newRows + delta.changedRows + delta.removedRows,
    title: `Import of ${run.file_name} into ${end.source.alias}: ${format(delta.newRows)} rows new, ${format(delta.changedRows)} changed, ${format(delta.removedRows)} removed, ${format(end.rejected)} rejected`
  })
  await setDueAfterImport(work.db, end.source.id)
  const moved = outcome.usersJoined + outcome.usersSplit > 0
  const came = delta.newRows + delta.removedRows > 0
  await publishTables(work, retired, before.table, moved || came ? (source) => moved || source.id === end.source.id : null)
  await endJob(work, { runId: run.id })
}

/** What undo of the run will have. A change of structure cannot be taken back, so nothing is kept of it. */
function beforeOf({ structureChanged, former, delta, beforeTable }: RunEnd): { kind: BeforeKind; table: string | null } {
  if (former.rowsTable === null) return { kind: 'first', table: null }
  if (structureChanged) return { kind: 'structure', table: null }
  return { kind: delta.rows === 0 ? 'none' : beforeTable === former.rowsTable ? 'version' : 'rows', table: beforeTable }
}

/** What undo of the runs of a source needed is not needed any more, but for one run. Answers the tables that may go. */
export async function forgetBefore(work: Work, sourceId: number, butRun: number | null): Promise<string[]> {
  await work.run('delete from returned_rows b using import_runs r where r.id = b.run_id and r.source_id = $1 and r.id is distinct from $2::int', [sourceId, butRun])
  const rows = await work.rows<{ table: string | null }>(`update import_runs r set before_table = null, before_kind = null from import_runs o
    where o.id = r.id and r.source_id = $1 and r.id is distinct from $2::int and (r.before_table is not null or r.before_kind is not null) returning o.before_table as "table"`, [sourceId, butRun])
  return rows.flatMap((row) => row.table ?? [])
}
