import type { CatalogSource } from '../catalog/catalog.ts'
import { takeRowNumbers } from '../db/table-version.ts'
import { readColumns } from './check-rows.ts'
import type { Stage } from './stage.ts'
import type { Delta, Work } from './work.ts'

export interface Comparison extends Delta {
  unchanged: number
  /** Table (line, op, row_number, hash) of the staged rows that are new or changed. */
  lines: string
}

/**
 * Tells new, changed and unchanged rows apart by source key and hash of the staged text, and gives every new key its
 * row number: the one it had if it was here before, else the next. `force` treats every row as changed (the structure
 * changed); `whole` counts rows missing in the file as removed.
 */
export async function compareRows(work: Work, source: CatalogSource, stage: Stage, options: { whole: boolean; force: boolean }): Promise<Comparison> {
  const key = `btrim(s.${stage.column(source.keyColumn)})`
  const hash = `hash_record_extended(row(${readColumns(source).filter((column) => stage.has(column.name)).map((column) => `s.${stage.column(column.name)}`).join(', ')}), 0)`
  if (source.rowsTable) {
    await work.run(`create temp table compared on commit drop as
      select s.line, ${key} as key, ${hash} as hash, r.row_number, case when r.row_number is null then 'new' else 'changed' end as op
      from ${stage.table} s left join ${source.rowsTable} r on r.source_key = ${key}
      where r.row_number is null ${options.force ? 'or true' : `or r.row_hash is distinct from ${hash}`}`)
  } else {
    await work.run(`create temp table compared on commit drop as select s.line, ${key} as key, ${hash} as hash, null::bigint as row_number, 'new' as op from ${stage.table} s`)
  }
  // A key that was removed comes back as the row it was.
  await work.run(`update compared c set row_number = r.row_number from removed_rows r where r.source_id = ${source.id} and r.source_key = c.key and c.op = 'new'`)
  const [counts] = await work.rows<{ fresh: string; arrived: string; changed: string; staged: string }>(`
    select count(*) filter (where row_number is null) as fresh, count(*) filter (where op = 'new') as arrived, count(*) filter (where op = 'changed') as changed,
           (select count(*) from ${stage.table}) as staged from compared`)
  const fresh = Number(counts?.fresh)
  const first = await takeRowNumbers(work.context.db, fresh)
  await work.run(`create temp table delta_lines on commit drop as
    select line, op, hash, row_number from compared where row_number is not null
    union all select line, op, hash, ${first} + row_number() over (order by line) - 1 from compared where row_number is null`)
  await work.run('drop table compared')
  await work.run(`create temp table delta on commit drop as select op, row_number from delta_lines`)
  let removed = 0
  if (options.whole && source.rowsTable) {
    removed = await work.run(`insert into delta select 'removed', r.row_number from ${source.rowsTable} r where not exists (select from ${stage.table} s where ${key} = r.source_key)`)
  }
  await work.run('create unique index on delta (row_number)')
  await work.run('analyze delta; analyze delta_lines')
  const newRows = Number(counts?.arrived)
  const changedRows = Number(counts?.changed)
  return { source, table: 'delta', lines: 'delta_lines', rows: newRows + changedRows + removed, newRows, changedRows, removedRows: removed, unchanged: Number(counts?.staged) - newRows - changedRows }
}
