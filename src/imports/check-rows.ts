import type { CatalogColumn, CatalogSource } from '../catalog/catalog.ts'
import { maxRowBytes } from '../db/row-width.ts'
import type { Work } from '../jobs/work.ts'
import { trimmedSql } from '../sources/blanks.ts'
import { cellSql, cleanSql } from './cell-sql.ts'
import { tooWideDetail } from './bad-record.ts'
import { longBytes } from './column-traits.ts'
import type { Stage } from './stage.ts'
import { storedWidthSql } from './stored-width.ts'

/** A key must fit an index entry, whatever its script. */
const longestKey = longBytes

/**
 * Moves rows without a usable key from staging to the rejected rows: no key, too long a one, or one that came before in
 * the file. Answers how many.
 */
export async function checkKeys(work: Work, runId: number, source: CatalogSource, stage: Stage): Promise<number> {
  const key = keySql(source, stage, '')
  const traits = stage.traits(source.keyColumn)
  // What was seen on the way into staging need not be looked for again.
  const rejected = !traits.empty && !traits.blankEdges && !traits.long ? 0 : await reject(work, runId, stage, `${key} is null or length(${key}) > ${longestKey}`,
    `case when ${key} is null then 'key_missing' else 'key_too_long' end`, `case when ${key} is null then 'the source key is empty' else 'the source key is longer than ${longestKey} characters' end`)
  return rejected + await rejectDuplicates(work, runId, stage, key, keySql(source, stage, 's.'))
}

/** The source key as it is stored. */
export function keySql(source: CatalogSource, stage: Stage, prefix: string): string {
  const cell = `${prefix}${stage.column(source.keyColumn)}`
  return stage.traits(source.keyColumn).blankEdges ? `(${trimmedSql(cell)})` : cell
}

/** SQL (source_key): of the rows in staging, which are those not rejected so far. */
export function acceptedKeys(source: CatalogSource, stage: Stage): string {
  return `(select ${keySql(source, stage, 's.')} as source_key from ${stage.table} s)`
}

/** Columns whose cells are converted: everything imported, and the update time even where it is imported as nothing. */
export function readColumns(source: CatalogSource): CatalogColumn[] {
  return source.columns.filter((column) => column.kind !== 'ignore' || column.name === source.updateTimeColumn)
}

/** Staged rows (those of a table of lines, or all) with every cell cleaned once; naming a cell of it costs nothing, which OFFSET 0 makes sure of. */
export function cleanRows(source: CatalogSource, stage: Stage, lines: string | null): string {
  const cells = readColumns(source).filter((column) => stage.has(column.name)).map((column) => `${cleanSql(column, stage.column(column.name), stage.traits(column.name))} as ${stage.column(column.name)}`)
  return `(select line, ${keySql(source, stage, '')} as source_key, hash${cells.map((cell) => `, ${cell}`).join('')} from ${stage.table}${lines ? ` where exists (select from ${lines} d where d.line = ${stage.table}.line)` : ''} offset 0)`
}

/** SQL, over cleanRows, that is true where a cell of the row cannot be read or the row is too wide; null where neither can be. */
export function badRowSql(work: Work, source: CatalogSource, stage: Stage): string | null {
  const bad = badCells(work, source, stage)
  return bad.length ? bad.map(({ condition }) => `(${condition})`).join(' or ') : null
}

/** Moves staged rows with an unreadable number or date, and those too wide, to the rejected rows; only the lines of a table, where one is named. */
export async function checkCells(work: Work, runId: number, source: CatalogSource, stage: Stage, lines: string | null): Promise<number> {
  const bad = badRowSql(work, source, stage)
  if (!bad) return 0
  const detail = `array_to_string(array[${badCells(work, source, stage).map((cell) => `case when ${cell.condition} then ${cell.detail} end`).join(', ')}], '; ')`
  const width = storedWidthSql(source, stage)
  await work.run(`create temp table unreadable on commit drop as select line, ${width ? `case when ${width} > ${maxRowBytes} then 'too_wide' else 'cell' end` : `'cell'`} as reason, ${detail} as detail from ${cleanRows(source, stage, lines)} s where ${bad}`)
  await work.run('analyze unreadable')
  const count = await work.run(`with gone as (delete from ${stage.table} s using unreadable u where u.line = s.line returning s.line, u.reason, u.detail, ${stage.content('s.')} as content)
    insert into rejected_rows (run_id, line, reason, detail, content) select ${runId}, line, reason, detail, content from gone on conflict do nothing`)
  if (lines) await work.run(`delete from ${lines} d using unreadable u where u.line = d.line`)
  await work.run('drop table unreadable')
  return count
}

function badCells(work: Work, source: CatalogSource, stage: Stage): { condition: string; detail: string }[] {
  const width = storedWidthSql(source, stage)
  const [before, after] = tooWideDetail('#').split('#').map(literal)
  const tooWide = width ? [{ condition: `${width} > ${maxRowBytes}`, detail: `${before} || to_char(${width}, 'FM9,999,999') || ${after}` }] : []
  const unreadable = readColumns(source).filter((column) => stage.has(column.name)).flatMap((column) => {
    const cell = `s.${stage.column(column.name)}`
    const readAs = column.name === source.updateTimeColumn && column.kind === 'ignore' ? { ...column, type: 'time' as const } : column
    const { bad } = cellSql(readAs, cell, work.context.timeZone, stage.traits(column.name))
    if (!bad) return []
    const what = { number: 'a number', time: 'a date or time', date: 'a date' }[readAs.type as string] ?? 'readable'
    return [{ condition: bad, detail: `${literal(`${column.name}: “`)} || left(${cell}, 60) || ${literal(`” is not ${what}`)}` }]
  })
  return [...tooWide, ...unreadable]
}

async function reject(work: Work, runId: number, stage: Stage, condition: string, reason: string, detail: string): Promise<number> {
  return work.run(`with gone as (delete from ${stage.table} where ${condition} returning line, ${reason} as reason, ${detail} as detail, ${stage.content('')} as content)
    insert into rejected_rows (run_id, line, reason, detail, content) select ${runId}, line, reason, detail, content from gone on conflict do nothing`)
}

/** Which keys come more than once? The first row of each stays. */
async function rejectDuplicates(work: Work, runId: number, stage: Stage, key: string, prefixedKey: string): Promise<number> {
  const count = await work.run(`create temp table duplicate_keys on commit drop as select ${key} as key, min(line) as first from ${stage.table} group by 1 having count(*) > 1`)
  if (count === 0) return 0
  await work.run('analyze duplicate_keys')
  return work.run(`with gone as (delete from ${stage.table} s using duplicate_keys d where ${prefixedKey} = d.key and s.line > d.first returning s.line, d.first, ${stage.content('s.')} as content)
    insert into rejected_rows (run_id, line, reason, detail, content) select ${runId}, line, 'key_duplicate', 'the source key stands in line ' || first || ' already', content from gone on conflict do nothing`)
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
