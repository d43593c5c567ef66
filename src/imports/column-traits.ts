import { QUOTE } from './scan-record.ts'

/**
 * What the cells of one column have in common. Cells without white space need no trimming, and cells of digits alone need
 * fewer checks: over millions of rows that is most of the work of an import.
 */
export interface ColumnTraits {
  /** A cell may begin or end with white space, or is empty in quotation marks. */
  blankEdges: boolean
  /** A cell may hold white space anywhere. */
  blanks: boolean
  /** Cells hold nothing but digits, signs and points. */
  plainNumbers: boolean
  /** Cells hold nothing but digits, hyphens, colons, blanks and the letter T. */
  plainTimes: boolean
}

/** Nothing is known: everything may occur. */
export const anyTraits: ColumnTraits = { blankEdges: true, blanks: true, plainNumbers: false, plainTimes: false }

const NOT_NUMBER = 1
const NOT_TIME = 2
const BLANK = 4
const BLANK_EDGE = 8

/** Bytes that white space outside ASCII begins with (U+00A0, U+3000, U+FEFF); other characters begin so too, which costs a trim. */
const leads = [0xc2, 0xe3, 0xef]

const classes = new Uint8Array(256).map((_, byte) => {
  const char = String.fromCharCode(byte)
  return (/[-+.0-9]/.test(char) ? 0 : NOT_NUMBER) | (/[-0-9: T]/.test(char) ? 0 : NOT_TIME) | (byte <= 32 || leads.includes(byte) ? BLANK : 0)
})

/** Notes the traits of the columns of good records, one pass over their bytes. */
export class TraitsOfColumns {
  readonly #delimiter: number
  readonly #marks: Uint8Array

  constructor(delimiter: number, columns: number) {
    this.#delimiter = delimiter
    this.#marks = new Uint8Array(columns)
  }

  note(bytes: Buffer, start: number, end: number): void {
    const marks = this.#marks
    const delimiter = this.#delimiter
    let at = start
    for (let column = 0; column < marks.length; column++) {
      let mark = 0
      let first = at
      let last: number
      if (bytes[at] === QUOTE) {
        first = ++at
        for (;; at++) {
          if (bytes[at] === QUOTE) {
            if (bytes[at + 1] !== QUOTE) break
            at++
          }
          mark |= classes[bytes[at]!]!
        }
        last = at++
        if (first === last) mark |= BLANK_EDGE
      } else {
        while (at < end && bytes[at] !== delimiter) mark |= classes[bytes[at++]!]!
        last = at
      }
      if ((mark & BLANK) !== 0 && last > first && (mayBeBlankStart(bytes[first]!) || mayBeBlankEnd(bytes, first, last))) mark |= BLANK_EDGE
      marks[column]! |= mark
      at++
    }
  }

  traits(column: number): ColumnTraits {
    const mark = this.#marks[column] ?? 0xff
    return { blankEdges: (mark & BLANK_EDGE) !== 0, blanks: (mark & BLANK) !== 0, plainNumbers: (mark & NOT_NUMBER) === 0, plainTimes: (mark & NOT_TIME) === 0 }
  }
}

function mayBeBlankStart(byte: number): boolean {
  return byte <= 32 || leads.includes(byte)
}

function mayBeBlankEnd(bytes: Buffer, first: number, last: number): boolean {
  const byte = bytes[last - 1]!
  return byte <= 32 || (byte >= 0x80 && leads.includes(bytes[Math.max(first, last - 2)]!)) || (byte >= 0x80 && last - first >= 3 && leads.includes(bytes[last - 3]!))
}
