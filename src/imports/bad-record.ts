import { maxRowBytes } from '../db/row-width.ts'

/** Why a record of a file cannot go to the database. */
export type BadReason = 'columns' | 'quote' | 'encoding' | 'nul' | 'too_long' | 'too_wide'

export interface BadRecord {
  /** Physical line of the file on which the record begins. */
  line: number
  reason: BadReason
  detail: string
  /** What stands there: its first 2,000 characters, unreadable bytes replaced. */
  text: string
}

const shownCharacters = 2_000

/** The first characters of a bad record, taken from at most `maxBytes` of it. */
export function badText(bytes: Buffer, maxBytes: number): string {
  const text = bytes.toString('utf8', 0, Math.min(bytes.length, maxBytes)).replaceAll('\0', '\ufffd')
  const shown = text.slice(0, shownCharacters)
  // A character outside the basic plane has two halves; half of one cannot be stored.
  return shown.isWellFormed() ? shown : shown.slice(0, -1)
}

/** The sentence for people that goes with a reason. */
export function badDetail(reason: Exclude<BadReason, 'too_wide'>, context: { columns: number; found: number; open: boolean; maxRecordBytes: number }): string {
  const limit = `${context.maxRecordBytes.toLocaleString('en')} bytes`
  switch (reason) {
    case 'columns': return `expected ${context.columns}, found ${context.found}`
    case 'quote': return context.open
      ? `a quotation mark opens a field and nothing closes it within ${limit} or before the end of the file`
      : 'a quotation mark stands inside a field; put the whole field in quotation marks and double those inside it'
    case 'encoding': return 'some of its bytes are not text in UTF-8'
    case 'nul': return 'it contains a NUL character'
    case 'too_long': return `longer than ${limit}`
  }
}

/** The same for a row that the database has no room for. */
export function tooWideDetail(bytes: string): string {
  return `too wide for the database: its cells take ${bytes} of ${maxRowBytes.toLocaleString('en')} bytes; import fewer columns, or shorten the cells`
}
