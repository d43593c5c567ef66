import type { ColumnSpec } from '../catalog/column.ts'
import { dateOrderOf, decimalSignOf } from './column-format.ts'
import { readCell } from './read-cell.ts'
import type { SampledFile } from './sample-file.ts'

/**
 * Fills in the order of dates and the decimal sign where nobody chose one and the sample tells it. `ambiguous` names the
 * columns whose dates fit day first and month first alike: those must be chosen, never guessed.
 */
export function detectFormats(columns: readonly ColumnSpec[], sample: Pick<SampledFile, 'names' | 'rows'>): { columns: ColumnSpec[]; ambiguous: Set<string> } {
  const ambiguous = new Set<string>()
  const at = new Map(sample.names.map((name, index) => [name, index]))
  const detected = columns.map((column) => {
    const index = at.get(column.name)
    if (column.format || index === undefined || !['number', 'time', 'date'].includes(column.type)) return column
    const cells = sample.rows.map((row) => row.cells[index] ?? '').filter((cell) => { const read = readCell({ ...column, type: 'text' }, cell, 'UTC'); return 'value' in read && read.value !== null })
    if (column.type === 'number') return { ...column, format: decimalSignOf(column, cells).format }
    const format = orderOf(column, cells)
    if (format === null) ambiguous.add(column.name)
    return { ...column, format }
  })
  return { columns: detected, ambiguous }
}

function orderOf(column: ColumnSpec, cells: readonly string[]): string | null {
  if (cells.length === 0) return 'YMD'
  if (cells.every((cell) => /^\s*\d{10}\s*$/.test(cell))) return 'epoch'
  if (cells.every((cell) => /^\s*\d{13}\s*$/.test(cell))) return 'epoch_ms'
  return dateOrderOf(column, cells).format
}
