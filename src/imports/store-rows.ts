import { castSql, type CatalogColumn, type CatalogSource } from '../catalog/catalog.ts'
import { createTable } from '../db/create-table.ts'
import { nextTableName, takeRowNumbers } from '../db/table-version.ts'
import type { Work } from '../jobs/work.ts'
import { cellSql } from './cell-sql.ts'
import { badRowSql, checkCells, cleanRows, literal } from './check-rows.ts'
import type { Comparison } from './compare-rows.ts'
import { returnNumbers } from './return-numbers.ts'
import type { Stage } from './stage.ts'
import { keepsCellTime, storedColumns } from './stored-columns.ts'
import { ownBytes } from './stored-width.ts'

export interface Stored {
  rowsTable: string
  /** The table is a new version, the old one stays as it was: everything built on it is built anew too. */
  rebuilt: boolean
  /** What undo of the run needs: the former version of the table, or a table of before-images. Null for a first run. */
  beforeTable: string | null
}

/** Above this share of touched rows a new version of the table is quicker than changing the old one in place. */
const rebuildShare = 0.3

/** Writes layer 1 of a source that has rows already. */
export async function storeRows(work: Work, runId: number, rowTime: Date, stage: Stage, delta: Comparison, former: CatalogSource): Promise<Stored> {
  const { source } = delta
  const time = `${literal(rowTime.toISOString())}::timestamptz`
  await returnNumbers(work, delta.table, runId)
  if (delta.removedRows && former.rowsTable) await keepNumbers(work, delta, former.rowsTable, runId)
  const share = delta.rows / Math.max(1, former.rowCount)
  if (source !== former || share > rebuildShare) return storeVersion(work, source, former, stage, delta, runId, time)
  return storeInPlace(work, source, stage, delta, runId, time)
}

/**
 * The first run of a source: checks and stores all rows in one pass, in the order of the file, which is the order of their
 * numbers. Rows that cannot be read are looked for only where fewer arrive than were staged. Answers how many those are.
 */
export async function storeFirstRows(work: Work, runId: number, rowTime: Date, stage: Stage, source: CatalogSource, staged: number): Promise<{ stored: Stored; delta: Comparison }> {
  const time = `${literal(rowTime.toISOString())}::timestamptz`
  const first = await takeRowNumbers(work.context.db, staged)
  const [known] = await work.rows<{ some: boolean }>('select exists (select from removed_rows where source_id = $1) as some', [source.id])
  await work.run(`create temp sequence fresh_numbers start ${first} cache 1000`)
  const rowsTable = await nextTableName(work.context.db, `source_${source.id}`)
  const { names, values } = selectList(source, stage, runId, time, work.context.timeZone, known?.some ? formerNumberSql(source) : `nextval('fresh_numbers')`)
  const bad = badRowSql(work, source, stage)
  const newRows = await createTable(work, rowsTable, `select ${named(names, values)} from ${cleanRows(source, stage, null)} s${bad ? ` where not (${bad})` : ''}`, storedColumns(source), ownBytes)
  await work.run('drop sequence fresh_numbers')
  const rejected = newRows < staged ? await checkCells(work, runId, source, stage, null) : 0
  await addKeys(work, rowsTable)
  await work.run(`create temp view delta as select 'new' as op, row_number from ${rowsTable}`)
  if (known?.some) await returnNumbers(work, 'delta', runId)
  return {
    stored: { rowsTable, rebuilt: true, beforeTable: null },
    delta: { source, table: 'delta', lines: null, rows: newRows, newRows, changedRows: 0, removedRows: 0, rejected, unchanged: 0 }
  }
}

/** SQL: the number of a row in a first run that is not the first ever, because that one was taken back: its key may have one already. */
function formerNumberSql(source: CatalogSource): string {
  return `coalesce((select g.row_number from removed_rows g where g.source_id = ${source.id} and g.source_key = s.source_key), nextval('fresh_numbers'))`
}

/** A removed row's number is kept for good; the mapping tells later where it leads. */
export async function keepNumbers(work: Work, delta: { table: string; source: CatalogSource }, rowsTable: string, runId: number | null): Promise<void> {
  await work.run(`insert into removed_rows (row_number, source_id, source_key, run_id, reason, created_at)
    select r.row_number, ${delta.source.id}, r.source_key, ${runId ?? 'null'}, 'removed', r.created_at from ${rowsTable} r join ${delta.table} d on d.row_number = r.row_number and d.op = 'removed'`)
}

function selectList(source: CatalogSource, stage: Stage, runId: number, time: string, timeZone: string, rowNumber = 'd.row_number'): { names: string[]; values: string[] } {
  const names = ['row_number', 'source_key', 'row_hash', 'run_id', 'row_time', 'created_at']
  const update = source.columns.find((column) => column.name === source.updateTimeColumn)
  const rowTime = update && stage.has(update.name) ? `coalesce(${cellSql({ ...update, type: 'time' }, `s.${stage.column(update.name)}`, timeZone, stage.traits(update.name)).value}, ${time})` : time
  const values = [rowNumber, castSql('text', 's.source_key'), 's.hash', String(runId), rowTime, time]
  for (const column of storedColumns(source)) {
    names.push(column.column)
    values.push(castSql(column.type, stage.has(column.name) ? cellSql(column, `s.${stage.column(column.name)}`, timeZone, stage.traits(column.name)).value : 'null'))
    if (keepsCellTime(source, column)) { names.push(`${column.column}_at`); values.push(time) }
  }
  return { names, values }
}

const named = (names: string[], values: (string | undefined)[]) => values.map((value, index) => `${value} as ${names[index]}`).join(', ')

async function addKeys(work: Work, table: string): Promise<void> {
  await work.run(`alter table ${table} add primary key (row_number)`)
  // The next run compares by these three alone, without touching the wide rows.
  await work.run(`create unique index on ${table} (source_key) include (row_number, row_hash)`)
  // The steps that follow ask for these alone; the job that counts values looks at the whole table.
  await work.run(`analyze ${table} (row_number, source_key)`)
}

/** A new version: the rows that stay as they are from the old one, the others from staging. */
async function storeVersion(work: Work, source: CatalogSource, former: CatalogSource, stage: Stage, delta: Comparison, runId: number, time: string): Promise<Stored> {
  const old = former.rowsTable as string
  const rowsTable = await nextTableName(work.context.db, `source_${source.id}`)
  const { names, values } = selectList(source, stage, runId, time, work.context.timeZone)
  const kept = names.map((name) => keptColumn(name, source, former))
  const columns = storedColumns(source)
  const carried = names.map((name, index) => {
    if (name === 'created_at') return `coalesce(o.created_at, ${values[index]})`
    const column = columns.find((candidate) => `${candidate.column}_at` === name)
    const before = column && formerColumn(column, former)
    if (!column || !before || !keepsCellTime(former, before)) return values[index]
    const value = values[names.indexOf(column.column)]
    return `case when o.row_number is not null and o.${column.column} is not distinct from ${value} then o.${name} else ${time} end`
  })
  await createTable(work, rowsTable, `select ${named(names, kept)} from ${old} o where not exists (select from ${delta.table} d where d.row_number = o.row_number)
    union all select ${carried.join(', ')} from ${cleanRows(source, stage, delta.lines)} s join ${delta.lines} d on d.line = s.line left join ${old} o on o.row_number = d.row_number`, columns, ownBytes)
  await addKeys(work, rowsTable)
  return { rowsTable, rebuilt: true, beforeTable: old }
}

/** The same column before a change of structure, if its values still mean the same. */
function formerColumn(column: CatalogColumn, former: CatalogSource): CatalogColumn | undefined {
  return former.columns.find((candidate) => candidate.id === column.id && candidate.kind !== 'ignore' && candidate.type === column.type)
}

function keptColumn(name: string, source: CatalogSource, former: CatalogSource): string {
  const column = storedColumns(source).find((candidate) => candidate.column === name || `${candidate.column}_at` === name)
  if (!column) return `o.${name}`
  const before = formerColumn(column, former)
  if (!before) return name.endsWith('_at') ? 'o.row_time' : castSql(column.type, 'null')
  return name.endsWith('_at') && !keepsCellTime(former, before) ? 'o.row_time' : `o.${name}`
}

async function storeInPlace(work: Work, source: CatalogSource, stage: Stage, delta: Comparison, runId: number, time: string): Promise<Stored> {
  const table = source.rowsTable as string
  const beforeTable = `before_${runId}`
  // Of the same shape, so that a row that fits there fits here.
  await work.run(`create table ${beforeTable} (like ${table} including storage); insert into ${beforeTable} select r.* from ${table} r join ${delta.table} d on d.row_number = r.row_number`)
  if (delta.removedRows) await work.run(`delete from ${table} r using ${delta.table} d where d.op = 'removed' and r.row_number = d.row_number`)
  const { names, values } = selectList(source, stage, runId, time, work.context.timeZone)
  const from = `from ${cleanRows(source, stage, delta.lines)} s join ${delta.lines} d on d.line = s.line`
  if (delta.changedRows) {
    const columns = storedColumns(source)
    const set = names.flatMap((name) => {
      if (name === 'row_number' || name === 'source_key' || name === 'created_at') return []
      const column = columns.find((candidate) => `${candidate.column}_at` === name)
      return [`${name} = ${column ? `case when r.${column.column} is distinct from v.${column.column} then v.${name} else r.${name} end` : `v.${name}`}`]
    })
    await work.run(`update ${table} r set ${set.join(', ')} from (select ${named(names, values)} ${from} where d.op = 'changed') v where v.row_number = r.row_number`)
  }
  if (delta.newRows) await work.run(`insert into ${table} (${names.join(', ')}) select ${values.join(', ')} ${from} where d.op = 'new'`)
  return { rowsTable: table, rebuilt: false, beforeTable }
}
