import { raiseCatalogVersion } from '../catalog/queries.ts'
import type { CatalogSource } from '../catalog/catalog.ts'
import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import type { MappingOutcome } from '../identities/remap-rows.ts'
import { NotFound } from '../problem.ts'
import type { Comparison } from './compare-rows.ts'
import { addNewColumns, applyStructure } from './plan-structure.ts'
import type { Work } from './work.ts'

export interface RunRecord { id: number; source_id: number; job_id: number; file_name: string; file_path: string | null; whole: boolean; operator_id: number | null; uploaded: boolean }

export async function getRun(db: Db, id: number): Promise<RunRecord> {
  const row = await db.selectFrom('import_runs as r').innerJoin('jobs as j', 'j.id', 'r.job_id').selectAll('r').select('j.origin').where('r.id', '=', id).executeTakeFirst()
  if (!row) throw new NotFound('There is no such run.')
  return { ...row, uploaded: row.origin === 'server' }
}

/** More than half of the rows would be rejected: says so and keeps them for the download; nothing else was written. */
export async function stopRun(work: Work, runId: number, stage: { table: string; rows: number }, rejected: number): Promise<string> {
  await work.run(`drop table ${stage.table}`)
  await work.run('update import_runs set rows_read = $2, rows_rejected = $3 where id = $1', [runId, stage.rows, rejected])
  return `${format(rejected)} of ${format(stage.rows)} rows would have been rejected, more than half. Nothing was changed. Look at the rejected rows, correct how columns are read, and import again.`
}

const format = (number: number) => number.toLocaleString('en')

export interface RunEnd {
  run: RunRecord; source: CatalogSource; former: CatalogSource; delta: Comparison; rejected: number; rowsRead: number; rowTime: Date
  outcome: MappingOutcome; beforeTable: string | null; structureChanged: boolean; names: string[]
}

/** The last step of a run, in its transaction: counts, history, and the names of the tables that pages read from now on. */
export async function endRun(work: Work, end: RunEnd): Promise<void> {
  const { run, delta, outcome } = end
  if (end.structureChanged) await applyStructure(work, end.source)
  await addNewColumns(work, end.source, end.names)
  await work.run(`update import_runs set rows_read = $2, rows_new = $3, rows_changed = $4, rows_unchanged = $5, rows_rejected = $6, rows_removed = $7, users_new = $8, users_joined = $9, users_split = $10, joins_refused = $11, row_time = $12, before_table = $13 where id = $1`,
    [run.id, end.rowsRead, delta.newRows, delta.changedRows, delta.unchanged, end.rejected, delta.removedRows, outcome.usersNew, outcome.usersJoined, outcome.usersSplit, outcome.joinsRefused, end.rowTime, end.beforeTable])
  // What undo of the run before needed is not needed any more.
  const retired = await work.rows<{ before_table: string }>(`update import_runs set before_table = null where source_id = $1 and id < $2 and before_table is not null returning (select o.before_table from import_runs o where o.id = import_runs.id) as before_table`, [end.source.id, run.id])
  const operator = run.operator_id === null ? undefined : (await work.rows<{ id: number; name: string }>('select id, name from operators where id = $1', [run.operator_id]))[0]
  await insertHistory(work.db, {
    kind: 'import', operator: operator ?? null, sourceId: end.source.id, runId: run.id, jobId: run.job_id, usersAffected: delta.newRows + delta.changedRows + delta.removedRows,
    title: `Import of ${run.file_name} into ${end.source.alias}: ${format(delta.newRows)} rows new, ${format(delta.changedRows)} changed, ${format(delta.removedRows)} removed, ${format(end.rejected)} rejected`
  })
  const moved = outcome.usersJoined + outcome.usersSplit > 0
  await publish(work, retired.map((row) => row.before_table), end.beforeTable, (source) => moved || source.id === end.source.id)
  await endJob(work, { runId: run.id })
}

/** Writes the names of `work.catalog` where pages look them up, and retires the versions they replace. `kept`: not to be retired; `counted`: whose rows or users may be more or fewer than before. */
export async function publish(work: Work, alsoRetired: string[], kept: string | null, counted: (source: CatalogSource) => boolean = () => true): Promise<void> {
  const before = new Set((await work.rows<{ name: string }>('select users_table as name from catalog_state union select unnest(array[rows_table, identities_table, values_table]) from sources')).map((row) => row.name))
  for (const source of work.catalog.sources) {
    await work.run('update sources set rows_table = $2, identities_table = $3, values_table = $4 where id = $1', [source.id, source.rowsTable, source.identitiesTable, source.valuesTable])
    if (!source.valuesTable || !(counted(source) || !before.has(source.valuesTable))) continue
    await work.run(`update sources set row_count = (select count(*) from ${source.rowsTable}), user_count = (select count(*) from ${source.valuesTable} where row_count > 0) where id = $1`, [source.id])
  }
  await work.run(`update catalog_state set users_table = $1, user_count = (select count(*) from ${work.catalog.usersTable})`, [work.catalog.usersTable])
  await raiseCatalogVersion(work.db)
  const now = new Set([work.catalog.usersTable, ...work.catalog.sources.flatMap((source) => [source.rowsTable, source.identitiesTable, source.valuesTable])])
  const retired = [...before, ...alsoRetired].filter((name) => name && !now.has(name) && name !== kept)
  await work.run('insert into retired_tables (name) select * from unnest($1::text[]) on conflict do nothing', [retired])
}

/** The job is done with the commit of its work, so a kill between the two cannot make it run twice. */
export async function endJob(work: Work, result: unknown): Promise<void> {
  await work.run(`update jobs set status = 'done', ended_at = clock_timestamp(), result = $2 where id = $1`, [work.context.jobId, JSON.stringify(result)])
}
