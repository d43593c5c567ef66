import { maxRowBytes, rowHeaderBytes, textCellBytes } from '../db/row-width.ts'
import { badText, tooWideDetail, type BadRecord } from './bad-record.ts'
import { LF, QUOTE } from './scan-record.ts'

const maxTextBytes = 8_000

/** Cuts records down to the cells of some columns, and keeps those back that are too wide all the same. Takes whole records as RecordOutput writes them. */
export class CellPicker {
  readonly #delimiter: number
  readonly #wanted: Uint8Array
  readonly #header: number
  #bad: BadRecord[] = []

  constructor(delimiter: string, columns: number, places: readonly number[]) {
    this.#delimiter = delimiter.charCodeAt(0)
    this.#wanted = new Uint8Array(columns)
    for (const place of places) this.#wanted[place] = 1
    this.#header = rowHeaderBytes(places.length + 2) + 16
  }

  /** Records kept back since the last call. */
  takeBad(): BadRecord[] {
    const bad = this.#bad
    this.#bad = []
    return bad
  }

  pick(bytes: Buffer): Buffer {
    const out = Buffer.allocUnsafe(bytes.length)
    const delimiter = this.#delimiter
    const wanted = this.#wanted
    let to = 0
    for (let at = 0; at < bytes.length;) {
      const start = at
      const begin = to
      let width = this.#header
      while (bytes[at] !== delimiter) out[to++] = bytes[at++]!
      const line = at
      do out[to++] = bytes[at++]!
      while (bytes[at] !== delimiter)
      const first = at + 1
      for (let column = 0; column < wanted.length; column++) {
        const from = at++
        const stored = bytes[at] === QUOTE ? this.#quoted(bytes, at) : this.#plain(bytes, at)
        at = stored.end
        if (wanted[column] === 0) continue
        to += bytes.copy(out, to, from, at)
        // Nothing at all is no cell; an empty text in quotation marks is one.
        if (at > from + 1) width += textCellBytes(stored.length)
      }
      out[to++] = LF
      if (width > maxRowBytes) {
        this.#bad.push({ line: Number(bytes.toString('latin1', start, line)), reason: 'too_wide', detail: tooWideDetail(width.toLocaleString('en')), text: badText(bytes.subarray(first, at), maxTextBytes) })
        to = begin
      }
      at++
    }
    return out.subarray(0, to)
  }

  #plain(bytes: Buffer, start: number): { end: number; length: number } {
    let end = start
    while (bytes[end] !== this.#delimiter && bytes[end] !== LF) end++
    return { end, length: end - start }
  }

  #quoted(bytes: Buffer, start: number): { end: number; length: number } {
    let doubled = 0
    let end = start + 1
    for (; bytes[end] !== QUOTE || bytes[end + 1] === QUOTE; end++) if (bytes[end] === QUOTE) { doubled++; end++ }
    return { end: end + 1, length: end - start - 1 - doubled }
  }
}
