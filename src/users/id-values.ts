import type { Access, VisibleColumn } from '../access/access.ts'
import { decryptAes } from '../identities/aes.ts'
import { asUuid, md5Key, normalise, shaKey } from '../identities/normalise.ts'
import type { IdCell } from './queries/id-cells.ts'

/** An ID value as it is shown: encrypted ones plain where that is known, else as they are. */
export interface ShownId { text: string; /** 'MD5' or 'SHA256' where the value is known only so. */ onlyAs: string | null }

/** An ID cell with its column; `keys` are what it has in common with cells that hold the same value. */
export interface IdValue extends IdCell { column: VisibleColumn; plain: string | null; keys: string[] }

export function columnsById(access: Access): Map<number, VisibleColumn> {
  return new Map(access.sources.flatMap((source) => source.columns.map((column) => [column.id, column])))
}

/** What a cell says: its plain value, if it can be told, and the keys to compare it by. A masked cell says nothing. */
export function readIdCell(cell: IdCell, column: VisibleColumn, aesKey: string | null): IdValue {
  const type = column.idType ?? ''
  if (column.masked) return { ...cell, column, plain: null, keys: [] }
  const given = cell.value.trim().toLowerCase()
  if (column.encryption === 'md5') return { ...cell, column, plain: null, keys: [/^[0-9a-f]{32}$/.test(given) ? asUuid(given) : cell.value] }
  if (column.encryption === 'sha256') return { ...cell, column, plain: null, keys: [/^[0-9a-f]{64}$/.test(given) ? asUuid(given.slice(0, 32)) : cell.value] }
  const plain = column.encryption === 'aes' ? (aesKey ? decryptAes(aesKey, cell.value) ?? null : null) : cell.value
  if (plain === null) return { ...cell, column, plain, keys: [cell.value] }
  const normalised = normalise(type, plain)
  return { ...cell, column, plain, keys: [md5Key(normalised), shaKey(normalised)] }
}

export function isSame(a: IdValue, b: IdValue): boolean {
  return a.column.idType === b.column.idType && a.keys.some((key) => b.keys.includes(key))
}

/** The plain value of a hashed one, where another cell of the user has it. */
export function plainOf(value: IdValue, others: IdValue[]): string | null {
  return value.plain ?? others.find((other) => other.plain !== null && isSame(value, other))?.plain ?? null
}

export function showId(value: IdValue, others: IdValue[]): ShownId {
  const plain = plainOf(value, others)
  if (plain !== null) return { text: plain, onlyAs: null }
  const hashed = !value.column.masked && (value.column.encryption === 'md5' || value.column.encryption === 'sha256')
  return { text: value.value, onlyAs: hashed ? value.column.encryption!.toUpperCase() : null }
}

/** Newest row first: the latest update, then the greatest row number. */
export function newestFirst(a: IdCell, b: IdCell): number {
  const difference = b.rowTime.getTime() - a.rowTime.getTime()
  if (difference !== 0) return difference
  const [left, right] = [BigInt(a.rowNumber), BigInt(b.rowNumber)]
  return right > left ? 1 : right < left ? -1 : a.columnId - b.columnId
}

/** The mobile number of a user: that of the newest visible row; a hashed one plain where another row of the user has it so. */
export function pickMobile(cells: IdCell[], columns: Map<number, VisibleColumn>, aesKey: string | null): ShownId | null {
  const sorted = cells.length > 1 ? cells.toSorted(newestFirst) : cells
  const newest = sorted[0] && columns.get(sorted[0].columnId)
  if (!newest) return null
  // Nearly always: nothing to compare, so no keys are made.
  if (newest.masked || (newest.encryption ?? 'unencrypted') === 'unencrypted') return { text: sorted[0]!.value, onlyAs: null }
  const values = sorted.flatMap((cell) => {
    const column = columns.get(cell.columnId)
    return column ? [readIdCell(cell, column, aesKey)] : []
  })
  return values[0] ? showId(values[0], values) : null
}
