import type { ColumnSpec } from '../../catalog/column.ts'
import { formatAbout, formatCount, formatNumber } from '../../format.ts'
import { encryptionLabels } from '../labels.ts'
import type { LaterRows, PreviewCell, PreviewRow } from '../preview.ts'

export interface PreviewModel {
  about: string; heads: { label: string; number: boolean }[]
  rows: { line: number; wrong: string; cells: { text: string; whole: string; pills: string[]; empty: boolean; style: string; why: string }[] }[]
  notes: string[]; rejects: boolean
}

const shownNotes = 5
const shownPills = 6

export function previewModel(
  { columns, rows, later }: { columns: ColumnSpec[]; rows: PreviewRow[]; later: LaterRows }, options: { rowsAbout: number; exact: boolean; idTypes: readonly { code: string; name: string }[]; attributes: readonly { code: string; name: string }[] }
): PreviewModel {
  const about = options.exact ? `${formatNumber(rows.length)} of ${formatNumber(options.rowsAbout)}` : `${formatNumber(rows.length)} of ${formatAbout(options.rowsAbout)}`
  const wrong = rows.flatMap((row) => noteOf(row, columns))
  const shown = wrong.length > shownNotes ? [...wrong.slice(0, shownNotes), `${formatNumber(wrong.length - shownNotes)} more of these rows would be rejected.`] : wrong
  const notes = [...shown, ...noteOfLater(later)]
  return {
    about, notes, rejects: notes.length > 0, heads: columns.map((column) => ({ label: headOf(column, options), number: column.type === 'number' })),
    rows: rows.map((row) => ({ line: row.line, wrong: row.problem ?? '', cells: row.cells.map((cell, index) => cellOf(cell, columns[index]?.type === 'number')) }))
  }
}

function cellOf(cell: PreviewCell, number: boolean): PreviewModel['rows'][number]['cells'][number] {
  const pills = cell.values ?? []
  return {
    text: cell.text.slice(0, 80), whole: cell.text.length > 24 ? cell.text.slice(0, 300) : '', empty: cell.problem === null && cell.text === '', why: cell.problem ?? '',
    pills: pills.length > shownPills ? [...pills.slice(0, shownPills), `and ${pills.length - shownPills} more`].map((text) => text.slice(0, 60)) : pills.map((text) => text.slice(0, 60)),
    style: [number ? 'cell-number' : '', cell.problem ? 'is-wrong' : ''].filter(Boolean).join(' ')
  }
}

/** What people will know the column by: the ID type with its encryption, the attribute, the tag. */
function headOf(column: ColumnSpec, { idTypes, attributes }: { idTypes: readonly { code: string; name: string }[]; attributes: readonly { code: string; name: string }[] }): string {
  if (column.kind === 'id') {
    const name = idTypes.find((type) => type.code === column.idType)?.name ?? column.name
    return column.encryption && column.encryption !== 'unencrypted' ? `${name} (${encryptionLabels[column.encryption]})` : name
  }
  if (column.kind === 'attribute') return attributes.find((attribute) => attribute.code === column.attribute)?.name ?? column.name
  return (column.kind === 'tag' ? column.tagName : null) || column.name
}

/** "Further down, 12 of 980 rows would be rejected, the first in line 57: points: “n/a” is not a number." */
function noteOfLater({ looked, rejected, first }: LaterRows): string[] {
  return first ? [`Further down, ${formatNumber(rejected)} of ${formatCount(looked, 'row')} would be rejected, the first in line ${formatNumber(first.line)}: ${first.why}.`] : []
}

/** "Line 5 would be rejected: “n/a” is not a number, “2024-02-30” is not a date." */
function noteOf(row: PreviewRow, columns: readonly ColumnSpec[]): string[] {
  if (row.problem) return [`Line ${row.line} would be rejected: it ${row.problem}.`]
  const wrong = row.cells.flatMap((cell, index) => (cell.problem ? [`${columns[index]?.name ?? ''}: “${cell.text.slice(0, 60)}” ${cell.problem}`] : []))
  return wrong.length ? [`Line ${row.line} would be rejected: ${wrong.slice(0, 4).join('; ')}${wrong.length > 4 ? '; …' : ''}.`] : []
}
