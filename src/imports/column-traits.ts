/**
 * What the cells of one column have in common. Cells without white space need no trimming, and cells of digits alone need
 * fewer checks: over millions of rows that is most of the work of an import.
 */
export interface ColumnTraits {
  /** A cell may begin or end with white space, or is empty in quotation marks. */
  blankEdges: boolean
  /** A cell may hold white space anywhere. */
  blanks: boolean
  /** A cell may be empty. */
  empty: boolean
  /** A cell may be longer than 500 bytes. */
  long: boolean
  /** Cells hold nothing but digits, signs and points. */
  plainNumbers: boolean
  /** Cells hold nothing but digits, hyphens, colons, blanks and the letter T. */
  plainTimes: boolean
}

/** Nothing is known: everything may occur. */
export const anyTraits: ColumnTraits = { blankEdges: true, blanks: true, empty: true, long: true, plainNumbers: false, plainTimes: false }

/** What a cell has that its column is then known to have. */
export const NOT_NUMBER = 1
export const NOT_TIME = 2
export const BLANK = 4
export const BLANK_EDGE = 8
export const EMPTY = 32
export const LONG = 64

/** From so many bytes on a cell is long. */
export const longBytes = 500

/** Bytes that white space outside ASCII begins with (U+00A0, U+3000, U+FEFF); other characters begin so too, which costs a trim. */
const leads = [0xc2, 0xe3, 0xef]

/** By byte: its marks. */
export const markOfByte = new Uint8Array(256).map((_, byte) => {
  const char = String.fromCharCode(byte)
  return (/[-+.0-9]/.test(char) ? 0 : NOT_NUMBER) | (/[-0-9: T]/.test(char) ? 0 : NOT_TIME) | (byte <= 32 || leads.includes(byte) ? BLANK : 0)
})

export function traitsOf(mark: number): ColumnTraits {
  return { blankEdges: (mark & BLANK_EDGE) !== 0, blanks: (mark & BLANK) !== 0, empty: (mark & EMPTY) !== 0, long: (mark & LONG) !== 0, plainNumbers: (mark & NOT_NUMBER) === 0, plainTimes: (mark & NOT_TIME) === 0 }
}

/** Whether the cell from `first` to `last` may begin or end with white space. */
export function mayHaveBlankEdge(bytes: Buffer, first: number, last: number): boolean {
  return last > first && (mayBeBlankStart(bytes[first]!) || mayBeBlankEnd(bytes, first, last))
}

function mayBeBlankStart(byte: number): boolean {
  return byte <= 32 || leads.includes(byte)
}

function mayBeBlankEnd(bytes: Buffer, first: number, last: number): boolean {
  const byte = bytes[last - 1]!
  return byte <= 32 || (byte >= 0x80 && leads.includes(bytes[Math.max(first, last - 2)]!)) || (byte >= 0x80 && last - first >= 3 && leads.includes(bytes[last - 3]!))
}
