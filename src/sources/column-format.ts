import { readCell, type ReadAs } from './read-cell.ts'

/**
 * A column is of a type when this share of its filled cells, or less, cannot be read as it: those are shown before the
 * import and rejected by it. Of fewer than twenty cells every one must be readable.
 */
const mayFail = 0.05

export function nearlyAll(cells: readonly string[], unread: number): boolean {
  return cells.length > 0 && unread <= Math.floor(cells.length * mayFail)
}

export function reads(column: ReadAs, format: string | null, cell: string): boolean {
  return !('problem' in readCell({ ...column, format }, cell, 'UTC'))
}

/** How many cells cannot be read with this format. */
export function unreadWith(column: ReadAs, format: string | null, cells: readonly string[]): number {
  return cells.reduce((count, cell) => (reads(column, format, cell) ? count : count + 1), 0)
}

/** The decimal sign with which most cells read; the point where both do alike. */
export function decimalSignOf(column: ReadAs, cells: readonly string[]): '.' | ',' {
  const withPoint = unreadWith(column, '.', cells)
  return withPoint > 0 && unreadWith(column, ',', cells) < withPoint ? ',' : '.'
}

/**
 * The order of dates with which most cells read, year first where none does. Null where the sample does not tell whether the
 * day or the month comes first: it fits both alike, or cells contradict each other.
 */
export function dateOrderOf(column: ReadAs, cells: readonly string[]): 'YMD' | 'DMY' | 'MDY' | null {
  const yearFirst = unreadWith(column, 'YMD', cells)
  if (yearFirst === 0) return 'YMD'
  const dayFirst = cells.filter((cell) => reads(column, 'DMY', cell))
  const monthFirst = cells.filter((cell) => reads(column, 'MDY', cell))
  if (cells.length - yearFirst >= Math.max(dayFirst.length, monthFirst.length)) return 'YMD'
  const onlyDay = dayFirst.some((cell) => !reads(column, 'MDY', cell))
  const onlyMonth = monthFirst.some((cell) => !reads(column, 'DMY', cell))
  if (onlyDay === onlyMonth) return null
  return onlyDay ? 'DMY' : 'MDY'
}
