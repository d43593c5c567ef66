import { BLANK, BLANK_EDGE, EMPTY, LONG, longBytes, markOfByte, mayHaveBlankEdge, traitsOf, type ColumnTraits } from './column-traits.ts'
import { CR, LF, QUOTE } from './scan-record.ts'

/** The byte ends an unquoted run. */
const SPECIAL = 16

/**
 * Walks the cells of good records, one pass over their bytes: notes the traits of the columns and makes the hash that tells
 * whether a row is as it was in the file before. The hash is that of the texts of the cells that count, in whatever order
 * the file has them and however it quotes them. The hot loop of an import: no allocation, one table look-up a byte.
 */
export class CellReader {
  /** The hash of the record read last, in two halves. */
  high = 0
  low = 0

  readonly #delimiter: number
  readonly #marks: Uint8Array
  readonly #classes: Uint8Array
  readonly #seeds: Int32Array

  /** `counting`: a number other than 0 for every column whose cells make the hash; the same number for the same column in every file. */
  constructor(delimiter: number, columns: number, counting?: readonly number[]) {
    this.#delimiter = delimiter
    this.#marks = new Uint8Array(columns)
    this.#classes = markOfByte.slice()
    for (const byte of [delimiter, LF, CR, QUOTE]) this.#classes[byte]! |= SPECIAL
    this.#seeds = Int32Array.from({ length: columns }, (_, column) => (counting ? counting[column] ?? 0 : column + 1))
  }

  /**
   * Reads the record that begins at `start` and answers where it ends. `whole`: it is known to be good and to end at
   * `limit`. Else it is read only if it is of the plain kind (the right number of cells, no line end in quotation marks)
   * and its line end is before `limit`; -1 where it is not, and then nothing is known of it.
   */
  read(bytes: Buffer, start: number, limit: number, whole: boolean): number {
    const classes = this.#classes
    const delimiter = this.#delimiter
    const marks = this.#marks
    const seeds = this.#seeds
    const last = marks.length - 1
    let high = 0
    let low = 0
    let at = start
    for (let column = 0; column <= last; column++) {
      const seed = seeds[column]!
      let one = Math.imul(seed, 0x9e3779b1)
      let two = Math.imul(seed, 0x85ebca6b) ^ 0x5bd1e995
      let mark = 0
      let first = at
      let end: number
      if (at < limit && bytes[at] === QUOTE) {
        first = ++at
        for (;; at++) {
          if (at >= limit) return -1
          const byte = bytes[at]!
          if (byte === QUOTE) {
            if (at + 1 >= limit && !whole) return -1
            if (at + 1 >= limit || bytes[at + 1] !== QUOTE) break
            at++
          } else if (!whole && (byte === LF || byte === CR)) return -1
          mark |= classes[byte]!
          one = Math.imul((one << 5 | one >>> 27) ^ byte, 0x9e3779b1)
          two = Math.imul((two << 15 | two >>> 17) + byte, 0x85ebca6b)
        }
        end = at++
        if (first === end) mark |= BLANK_EDGE
      } else {
        for (; at < limit; at++) {
          const byte = bytes[at]!
          const kind = classes[byte]!
          if (kind >= SPECIAL) break
          mark |= kind
          one = Math.imul((one << 5 | one >>> 27) ^ byte, 0x9e3779b1)
          two = Math.imul((two << 15 | two >>> 17) + byte, 0x85ebca6b)
        }
        end = at
      }
      if (column < last ? bytes[at] !== delimiter || at >= limit : whole ? at !== limit : at >= limit || (bytes[at] !== LF && bytes[at] !== CR)) return -1
      if ((mark & BLANK) !== 0 && mayHaveBlankEdge(bytes, first, end)) mark |= BLANK_EDGE
      if (end === first) mark |= EMPTY
      else if (end - first > longBytes) mark |= LONG
      marks[column]! |= mark
      if (seed !== 0 && end > first) {
        // Each half is mixed with the other, since a byte's low bits reach both alike.
        one = Math.imul(one ^ (one >>> 15) ^ (two << 7), 0x2c1b3c6d)
        two = Math.imul(two ^ (two >>> 13) ^ (one >>> 9), 0x297a2d39)
        high = (high + (one ^ (one >>> 16))) | 0
        low = (low + (two ^ (two >>> 15))) | 0
      }
      if (column < last) at++
    }
    this.high = high
    this.low = low
    return at
  }

  traits(column: number): ColumnTraits {
    return traitsOf(this.#marks[column] ?? 0xff)
  }
}
