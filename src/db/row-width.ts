/**
 * How wide a row may be: a row must fit a page of 8 kB. Cells of more than 24 bytes, their length included, are moved out
 * of the row where it would not fit and leave 18 bytes behind; shorter ones stay. So many short cells can be too much where
 * many long ones are not. Measured on PostgreSQL 18: 400 texts fit with up to 19 characters each and again from 24 on.
 */
export const maxRowBytes = 8160

/** The most that a cell takes in a row, whatever is in it. */
export const largestCell = 24
export const movedCell = 18

/** What a row of so many columns takes before any cell. */
export function rowHeaderBytes(columns: number): number {
  return Math.ceil((23 + Math.ceil(columns / 8)) / 8) * 8
}

/** Whether rows fit, whatever is in them; only where they may not is each one looked at. */
export function alwaysFits(columns: number, otherBytes: number): boolean {
  return rowHeaderBytes(columns) + otherBytes + columns * largestCell <= maxRowBytes
}

/** What a text of so many bytes takes. */
export function textCellBytes(length: number): number {
  return length + 1 > largestCell ? movedCell : length + 1
}

const movable = new Set(['text', 'choice', 'number', 'multi'])

/**
 * SQL that makes a wide table move cells as reckoned above, without trying to make them smaller first, which might leave
 * them in the row; null for a table whose rows always fit.
 */
export function moveCellsSql(table: string, columns: readonly { column: string; type: string }[], otherBytes: number): string | null {
  if (alwaysFits(columns.length, otherBytes)) return null
  return `alter table ${table} ${columns.filter(({ type }) => movable.has(type)).map(({ column }) => `alter column ${column} set storage external`).join(', ')}`
}
