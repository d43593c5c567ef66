import type { CatalogSource } from '../catalog/catalog.ts'
import { takeRowNumbers } from '../db/table-version.ts'
import type { Delta, Work } from '../jobs/work.ts'
import { checkCells, keySql } from './check-rows.ts'
import type { Stage } from './stage.ts'

export interface Comparison extends Delta {
  unchanged: number
  /** Of the rows new or changed, those with a cell that cannot be read; they are in the delta no more. */
  rejected: number
  /** Table (line, op, row_number) of the staged rows that are new or changed; null for a first run, whose rows are all new. */
  lines: string | null
}

/**
 * Tells new, changed and unchanged rows apart by source key and hash of the staged text, checks the cells of the new and
 * changed ones (those of unchanged rows were checked when they came), and gives every new key its row number: the one it
 * had if it was here before, else the next. `force` treats every row as changed (the structure changed); `whole` counts
 * rows missing in the file as removed, but not those that are in the file and were rejected.
 */
export async function compareRows(work: Work, runId: number, source: CatalogSource, former: CatalogSource, stage: Stage, options: { whole: boolean; force: boolean; staged: number }): Promise<Comparison> {
  const key = keySql(source, stage, 's.')
  await work.run(`create temp table compared on commit drop as
    select s.line, ${key} as key, r.row_number, case when r.row_number is null then 'new' else 'changed' end as op
    from ${stage.table} s left join ${former.rowsTable} r on r.source_key = ${key}
    where r.row_number is null ${options.force ? 'or true' : `or r.row_hash is distinct from s.hash`}`)
  const [counts] = await work.rows<{ all: string }>('select count(*) as all from compared')
  await work.run('create temp table delta (op text, row_number bigint) on commit drop')
  const removedRows = options.whole
    ? await work.run(`insert into delta select 'removed', r.row_number from ${former.rowsTable} r where not exists (select from ${stage.table} s where ${key} = r.source_key)`) : 0
  await work.run('analyze compared')
  const rejected = await checkCells(work, runId, source, stage, 'compared')
  // A key that was removed comes back as the row it was.
  await work.run(`update compared c set row_number = r.row_number from removed_rows r where r.source_id = ${source.id} and r.source_key = c.key and c.op = 'new'`)
  const [fresh] = await work.rows<{ count: string }>('select count(*) from compared where row_number is null')
  const first = await takeRowNumbers(work.context.db, Number(fresh?.count))
  await work.run(`create temp table delta_lines on commit drop as
    select line, op, row_number from compared where row_number is not null
    union all select line, op, ${first} + row_number() over (order by line) - 1 from compared where row_number is null`)
  await work.run('insert into delta select op, row_number from delta_lines; create unique index on delta (row_number); analyze delta; analyze delta_lines')
  const [ops] = await work.rows<{ arrived: string; changed: string }>(`select count(*) filter (where op = 'new') as arrived, count(*) filter (where op = 'changed') as changed from delta_lines`)
  const newRows = Number(ops?.arrived)
  const changedRows = Number(ops?.changed)
  return { source, table: 'delta', lines: 'delta_lines', rows: newRows + changedRows + removedRows, newRows, changedRows, removedRows, rejected, unchanged: options.staged - Number(counts?.all) }
}
