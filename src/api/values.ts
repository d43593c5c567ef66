import { maskedWhole } from '../access/mask.ts'
import type { FieldType } from '../conditions/field.ts'
import type { Cell } from '../users/queries/list.ts'

/** A moment as the API writes it: UTC, in the form in which times are kept. */
export function writeTime(at: Date): string {
  return at.toISOString().replace('Z', '000Z')
}

/** A value in its one form; schemas.ts says which. A masked one is what the database left of it. */
export function writeValue(type: FieldType, cell: Cell): string | string[] | null {
  if (cell === null) return null
  if (cell instanceof Date) return writeTime(cell)
  if (Array.isArray(cell)) return cell
  return type === 'number' && cell !== maskedWhole ? withoutZeros(cell) : cell
}

/** 12480.00 is 12480. */
function withoutZeros(number: string): string {
  return number.includes('.') ? number.replace(/\.?0+$/, '') : number
}
