export const LF = 10
export const CR = 13
export const QUOTE = 34

// Where in a record the scan stands. Broken: a quotation mark is where none may be; only the end of the first line is of interest.
const PLAIN = 0
const QUOTED = 1
const AFTER_QUOTE = 2
const BROKEN = 3

/**
 * Finds the end of one record after another and counts its fields. It may be called again with more bytes for a record
 * that is not complete yet and then goes on where it stopped. The hot loop of an import: no allocation, one table
 * look-up for most bytes.
 */
export class RecordScan {
  /** Fields, and line ends inside quotation marks, of the record so far. */
  fields = 1
  innerLines = 0
  /** Bytes of the record looked at so far. */
  scanned = 0

  readonly #delimiter: number
  /** 1 for the bytes that end an unquoted run: delimiter, line ends, quotation mark. */
  readonly #special = new Uint8Array(256)
  #state = PLAIN
  #fieldStart = 0

  constructor(delimiter: number) {
    this.#delimiter = delimiter
    for (const byte of [delimiter, LF, CR, QUOTE]) this.#special[byte] = 1
  }

  /** Inside quotation marks. */
  get open(): boolean { return this.#state === QUOTED }
  get broken(): boolean { return this.#state === BROKEN }

  /** Forgets the record: the next call begins a new one. */
  reset(): void {
    this.fields = 1
    this.innerLines = 0
    this.scanned = 0
    this.#state = PLAIN
    this.#fieldStart = 0
  }

  /** The place of the line end that ends the record beginning at `start` (of its first line, if broken); -1 where it is not before `limit`. */
  findEnd(bytes: Buffer, start: number, limit: number): number {
    const special = this.#special
    const delimiter = this.#delimiter
    let state = this.#state
    let fields = this.fields
    let innerLines = this.innerLines
    let fieldStart = start + this.#fieldStart
    let at = start + this.scanned
    let end = -1
    while (at < limit && state !== BROKEN) {
      if (state === PLAIN) {
        while (at < limit && special[bytes[at]!] === 0) at++
        if (at === limit) break
        const byte = bytes[at]!
        if (byte === delimiter) {
          fields++
          fieldStart = ++at
        } else if (byte !== QUOTE) {
          end = at
          break
        } else if (at === fieldStart) {
          state = QUOTED
          at++
        } else state = BROKEN
      } else if (state === QUOTED) {
        let byte = 0
        while (at < limit && (byte = bytes[at]!) !== QUOTE) {
          if (byte === CR || (byte === LF && bytes[at - 1] !== CR)) innerLines++
          at++
        }
        if (at === limit) break
        state = AFTER_QUOTE
        at++
      } else {
        const byte = bytes[at]!
        if (byte === QUOTE) {
          state = QUOTED
          at++
        } else state = byte === delimiter || byte === LF || byte === CR ? PLAIN : BROKEN
      }
    }
    if (state === BROKEN) {
      end = innerLines > 0 ? lineEnd(bytes, start, at) : lineEnd(bytes, at, limit)
      if (end < 0) at = limit
    }
    this.#state = state
    this.#fieldStart = fieldStart - start
    this.fields = fields
    this.innerLines = innerLines
    this.scanned = at - start
    return end
  }
}

/** The first line end from `from` on, quoted or not; -1 where there is none before `to`. */
export function lineEnd(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) if (bytes[at] === LF || bytes[at] === CR) return at
  return -1
}

/** How many bytes from the start hold whole UTF-8 characters: the last one may be cut. */
export function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte >= 0x80 && byte < 0xc0) continue
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return needs > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}
