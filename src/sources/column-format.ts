import { readCell, type ReadAs } from './read-cell.ts'

/**
 * A column is of a type when this share of its filled cells, or less, cannot be read as it: those are shown before the
 * import and rejected by it. Of fewer than twenty cells every one must be readable.
 */
const mayFail = 0.05

export function nearlyAll(cells: readonly string[], unread: number): boolean {
  return cells.length > 0 && unread <= Math.floor(cells.length * mayFail)
}

/** With which format most cells read, and how many cannot be read with it. */
export interface BestFormat<Format> { format: Format; unread: number }

/** The decimal sign; the point where both do alike. */
export function decimalSignOf(column: ReadAs, cells: readonly string[]): BestFormat<'.' | ','> {
  const point = unreadWith(column, '.', cells)
  const comma = point === 0 ? 0 : unreadWith(column, ',', cells)
  return comma < point ? { format: ',', unread: comma } : { format: '.', unread: point }
}

/**
 * The order of dates, year first where none can be read. Null where the sample does not tell whether the day or the month
 * comes first: both fit alike, or cells contradict each other.
 */
export function dateOrderOf(column: ReadAs, cells: readonly string[]): BestFormat<'YMD' | 'DMY' | 'MDY' | null> {
  // As a date: what makes a time of it besides, a zone, can always be read and takes much longer.
  const dated = { ...column, type: 'date' } as const
  const year = unreadWith(dated, 'YMD', cells)
  if (year === 0) return { format: 'YMD', unread: 0 }
  let [day, month, both] = [0, 0, 0]
  for (const cell of cells) {
    const [asDay, asMonth] = [reads(dated, 'DMY', cell), reads(dated, 'MDY', cell)]
    if (asDay) day++
    if (asMonth) month++
    if (asDay && asMonth) both++
  }
  if (cells.length - year >= Math.max(day, month)) return { format: 'YMD', unread: year }
  const unread = cells.length - Math.max(day, month)
  if (day > both === month > both) return { format: null, unread }
  return { format: day > both ? 'DMY' : 'MDY', unread }
}

function unreadWith(column: ReadAs, format: string, cells: readonly string[]): number {
  return cells.reduce((count, cell) => (reads(column, format, cell) ? count : count + 1), 0)
}

function reads(column: ReadAs, format: string, cell: string): boolean {
  return !('problem' in readCell({ ...column, format }, cell, 'UTC'))
}
