import type { ColumnSpec } from '../catalog/column.ts'
import { trimBlanks } from './blanks.ts'
import { readCell } from './read-cell.ts'
import type { SampledFile } from './sample-file.ts'
import { isTimeZone, type Structure } from './structure.ts'

export interface PreviewCell { text: string; values: string[] | null; problem: string | null }
export interface PreviewRow { line: number; cells: PreviewCell[]; problem: string | null }
/** What the rows of the sample after the shown ones have to say: how many were looked at, how many a run would reject, and why the first. */
export interface LaterRows { looked: number; rejected: number; first: { line: number; why: string } | null }

export const previewRows = 20

/** The first rows as a run would read them: every imported column, and what would make it reject the row. */
export function previewOf(sample: SampledFile, structure: Pick<Structure, 'keyColumn' | 'updateTimeColumn' | 'columns'>, timeZone: string): { columns: ColumnSpec[]; rows: PreviewRow[]; later: LaterRows } {
  const at = new Map(sample.names.map((name, index) => [name, index]))
  const columns = structure.columns.map(readable).filter((column) => at.has(column.name) && (column.kind !== 'ignore' || column.name === structure.keyColumn || column.name === structure.updateTimeColumn))
  const keyIndex = at.get(structure.keyColumn)
  const keys = new Set<string>()
  const rows = sample.rows.slice(0, previewRows).map((row): PreviewRow => {
    const problem = problemOfRow(row.cells, sample.names.length, keyIndex, keys)
    return { line: row.line, problem, cells: columns.map((column) => previewCell(column, row.cells[at.get(column.name) as number] ?? '', timeZone)) }
  })
  const typed = columns.filter((column) => ['number', 'time', 'date'].includes(column.type))
  const later = sample.rows.slice(previewRows)
  const wrong = later.flatMap((row) => {
    const ofRow = problemOfRow(row.cells, sample.names.length, keyIndex, keys)
    const why = ofRow ? `it ${ofRow}` : problemOfCells(typed, (column) => row.cells[at.get(column.name) as number] ?? '', timeZone)
    return why === null ? [] : [{ line: row.line, why }]
  })
  return { columns, rows, later: { looked: later.length, rejected: wrong.length, first: wrong[0] ?? null } }
}

function problemOfCells(columns: readonly ColumnSpec[], textOf: (column: ColumnSpec) => string, timeZone: string): string | null {
  for (const column of columns) {
    const { problem, text } = previewCell(column, textOf(column), timeZone)
    if (problem !== null) return `${column.name}: “${text.slice(0, 60)}” ${problem}`
  }
  return null
}

/** What is wrong with a column is said at its field; here it is read as well as can be. */
function readable(column: ColumnSpec): ColumnSpec {
  if ((column.type === 'time' || column.type === 'date') && !column.format) return { ...column, type: 'text' }
  return column.timeZone && !isTimeZone(column.timeZone) ? { ...column, timeZone: null } : column
}

function problemOfRow(cells: readonly string[], width: number, keyIndex: number | undefined, keys: Set<string>): string | null {
  if (cells.length !== width) return `has ${cells.length} columns instead of ${width}`
  if (cells.some((cell) => cell.includes('\0'))) return 'holds a NUL byte, which is no text'
  if (keyIndex === undefined) return null
  const key = trimBlanks(cells[keyIndex] ?? '')
  if (key === '') return 'has no source key'
  if (keys.has(key)) return `has the source key of a row before, “${key.slice(0, 40)}”`
  keys.add(key)
  return null
}

function previewCell(column: ColumnSpec, text: string, timeZone: string): PreviewCell {
  const read = readCell(column, text, timeZone)
  if ('problem' in read) return { text: text.slice(0, 200), values: null, problem: read.problem }
  const { value } = read
  if (value === null || value === undefined) return { text: '', values: null, problem: null }
  return Array.isArray(value) ? { text: value.join(', '), values: value.map(String), problem: null } : { text: String(value), values: null, problem: null }
}
