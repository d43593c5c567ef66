import type { CatalogColumn, CatalogSource } from '../catalog/catalog.ts'
import { cellSql } from '../sources/cell-sql.ts'
import type { Stage } from './stage.ts'
import type { Work } from './work.ts'

/** A key must fit an index entry, whatever its script. */
const longestKey = 500

/**
 * Moves the rows that cannot be taken from staging to the rejected rows: without a key, with a key that came before in
 * the file, with a cell that is no number or date. Answers how many.
 */
export async function checkRows(work: Work, runId: number, source: CatalogSource, stage: Stage): Promise<number> {
  const key = `btrim(${stage.column(source.keyColumn)})`
  let rejected = await reject(work, runId, stage, `${key} is null or ${key} = ''`, `'key_missing'`, `'the source key is empty'`)
  rejected += await reject(work, runId, stage, `length(${key}) > ${longestKey}`, `'key_too_long'`, `'the source key is longer than ${longestKey} characters'`)
  rejected += await rejectDuplicates(work, runId, stage, key)
  const bad = readColumns(source).filter((column) => stage.has(column.name)).flatMap((column) => badCell(column, stage, work.context.timeZone))
  if (bad.length) {
    const detail = `concat_ws('; ', ${bad.map(({ condition, detail }) => `case when ${condition} then ${detail} end`).join(', ')})`
    rejected += await reject(work, runId, stage, bad.map(({ condition }) => `(${condition})`).join(' or '), `'cell'`, detail)
  }
  return rejected
}

/** Columns whose cells are converted: everything imported, and the update time even where it is imported as nothing. */
export function readColumns(source: CatalogSource): CatalogColumn[] {
  return source.columns.filter((column) => column.kind !== 'ignore' || column.name === source.updateTimeColumn)
}

function badCell(column: CatalogColumn, stage: Stage, timeZone: string): { condition: string; detail: string }[] {
  const cell = stage.column(column.name)
  const { bad } = cellSql(column, cell, timeZone)
  if (!bad) return []
  const what = { number: 'a number', time: 'a date or time', date: 'a date' }[column.type as string] ?? 'readable'
  return [{ condition: bad, detail: `${literal(`${column.name}: “`)} || left(${cell}, 60) || ${literal(`” is not ${what}`)}` }]
}

async function reject(work: Work, runId: number, stage: Stage, condition: string, reason: string, detail: string): Promise<number> {
  return work.run(`with gone as (delete from ${stage.table} where ${condition} returning line, ${detail} as detail, ${stage.content} as content)
    insert into rejected_rows (run_id, line, reason, detail, content) select ${runId}, line, ${reason}, detail, content from gone on conflict do nothing`)
}

/** Which keys come more than once? The first row of each stays. */
async function rejectDuplicates(work: Work, runId: number, stage: Stage, key: string): Promise<number> {
  await work.run(`create temp table duplicate_keys on commit drop as select ${key} as key, min(line) as first from ${stage.table} group by 1 having count(*) > 1`)
  const [found] = await work.rows<{ count: string }>('select count(*) from duplicate_keys')
  if (Number(found?.count) === 0) return 0
  await work.run('analyze duplicate_keys')
  return work.run(`with gone as (delete from ${stage.table} s using duplicate_keys d where btrim(s.${key.slice(6, -1)}) = d.key and s.line > d.first returning s.line, d.first, ${stage.content.replaceAll(/\bs(\d+)\b/g, 's.s$1')} as content)
    insert into rejected_rows (run_id, line, reason, detail, content) select ${runId}, line, 'key_duplicate', 'the source key stands in line ' || first || ' already', content from gone on conflict do nothing`)
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
