import { LF } from './scan-record.ts'

const hexDigits = Buffer.from('0123456789abcdef')

/** Collects good records as `<line><delimiter><hash><delimiter><record>\n` in one buffer for each chunk of the file. */
export class RecordOutput {
  readonly #delimiter: number
  #bytes: Buffer = Buffer.alloc(0)
  #length = 0

  constructor(delimiter: number) {
    this.#delimiter = delimiter
  }

  /** A new buffer each time: the one handed out before may still be on its way to the database. */
  begin(inputLength: number): void {
    this.#bytes = Buffer.allocUnsafe(inputLength + (inputLength >> 3) + 256)
    this.#length = 0
  }

  /** Puts line number and hash before the record; the hash in hexadecimal, without its first bit, as a bigint of COPY takes it. */
  write(line: number, hash: { high: number; low: number }, bytes: Buffer, start: number, end: number): void {
    const needed = this.#length + end - start + 40
    if (needed > this.#bytes.length) this.#grow(needed)
    const out = this.#bytes
    let digits = 1
    for (let limit = 10; line >= limit; limit *= 10) digits++
    let to = this.#length + digits
    for (let rest = line, place = to - 1; place >= this.#length; place--) {
      const next = Math.floor(rest / 10)
      out[place] = 48 + rest - next * 10
      rest = next
    }
    out[to++] = this.#delimiter
    out[to++] = 48
    out[to++] = 120
    for (let shift = 28, half = hash.high & 0x7fffffff; shift >= 0; shift -= 4) out[to++] = hexDigits[(half >>> shift) & 15]!
    for (let shift = 28, half = hash.low; shift >= 0; shift -= 4) out[to++] = hexDigits[(half >>> shift) & 15]!
    out[to++] = this.#delimiter
    to += bytes.copy(out, to, start, end)
    out[to++] = LF
    this.#length = to
  }

  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#bytes = Buffer.alloc(0)
    return taken
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}
