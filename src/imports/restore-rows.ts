import type { CatalogSource } from '../catalog/catalog.ts'
import type { BeforeKind } from '../db/database.ts'
import type { Delta, Work } from '../jobs/work.ts'
import { returnNumbers } from './return-numbers.ts'
import { keepNumbers } from './store-rows.ts'
import { rowColumns } from './stored-columns.ts'

/** A run with what it kept of the state before it. */
export interface KeptRun { id: number; kind: Exclude<BeforeKind, 'structure'>; table: string | null }

export interface Restored {
  delta: Delta
  /** Where the rows are now; null where the source has none, as before its first run. */
  rowsTable: string | null
  rebuilt: boolean
}

/**
 * Layer 1 of a source as it was before its last run. The delta is that of the run, turned round: what came goes, what went
 * comes back. Numbers stay given for good.
 */
export async function restoreRows(work: Work, source: CatalogSource, run: KeptRun): Promise<Restored> {
  const delta = await turnedRound(work, source, run)
  const old = source.rowsTable as string
  await returnNumbers(work, delta.table, null)
  if (delta.removedRows) await keepNumbers(work, delta, old, run.id)
  if (run.kind === 'rows') await putBack(work, source, run)
  return { delta, rowsTable: run.kind === 'first' ? null : run.kind === 'version' ? run.table : old, rebuilt: run.kind === 'version' }
}

async function turnedRound(work: Work, source: CatalogSource, run: KeptRun): Promise<Delta> {
  const table = source.rowsTable as string
  const selects: Record<KeptRun['kind'], string> = {
    none: 'select null::text as op, null::bigint as row_number where false',
    first: `select 'removed' as op, row_number from ${table}`,
    rows: `select case when r.row_number is null then 'new' else 'changed' end as op, b.row_number from ${run.table} b left join ${table} r on r.row_number = b.row_number
      union all select 'removed', r.row_number from ${table} r where r.run_id = ${run.id} and not exists (select from ${run.table} b where b.row_number = r.row_number)`,
    version: `select case when o.row_number is null then 'removed' else 'changed' end as op, r.row_number from ${table} r left join ${run.table} o on o.row_number = r.row_number where r.run_id = ${run.id}
      union all select 'new', o.row_number from ${run.table} o where not exists (select from ${table} r where r.row_number = o.row_number)`
  }
  await work.run(`create temp table delta on commit drop as ${selects[run.kind]}`)
  await work.run('create unique index on delta (row_number); analyze delta')
  const counts = await work.rows<{ op: string; rows: string }>('select op, count(*) as rows from delta group by op')
  const count = (op: string) => Number(counts.find((one) => one.op === op)?.rows ?? 0)
  const [newRows, changedRows, removedRows] = [count('new'), count('changed'), count('removed')]
  return { source, table: 'delta', rows: newRows + changedRows + removedRows, newRows, changedRows, removedRows }
}

async function putBack(work: Work, source: CatalogSource, run: KeptRun): Promise<void> {
  const columns = rowColumns(source).join(', ')
  await work.run(`delete from ${source.rowsTable} r using delta d where d.row_number = r.row_number and d.op in ('removed', 'changed')`)
  await work.run(`insert into ${source.rowsTable} (${columns}) select ${columns} from ${run.table}`)
}
