import { Transform, type TransformCallback } from 'node:stream'

const [quote, LF, CR] = [0x22, 0x0a, 0x0d]

/**
 * Ends the rows of COPY's CSV with CRLF, as RFC 4180 wants it, and counts them. A line feed within quotation marks is part
 * of a cell and stays. Looks at each byte once and parses nothing else (property test against csv-parse).
 */
export class RowEnds extends Transform {
  rows = 0
  #quoted = false

  readonly #watch: (rows: number) => void

  /** `head` stands before the rows and is passed on as it is; `watch` is told now and then how many there were. */
  constructor(head: Buffer, watch: (rows: number) => void = () => {}) {
    super()
    this.#watch = watch
    if (head.length) this.push(head)
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const ends: number[] = []
    let quoted = this.#quoted
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]
      // A doubled mark within a cell turns it off and on again.
      if (byte === quote) quoted = !quoted
      else if (byte === LF && !quoted) ends.push(at)
    }
    this.#quoted = quoted
    this.rows += ends.length
    this.#watch(this.rows)
    done(null, ends.length ? withReturns(chunk, ends) : chunk)
  }
}

function withReturns(chunk: Buffer, ends: readonly number[]): Buffer {
  const out = Buffer.allocUnsafe(chunk.length + ends.length)
  let [from, to] = [0, 0]
  for (const end of ends) {
    to += chunk.copy(out, to, from, end)
    out[to++] = CR
    out[to++] = LF
    from = end + 1
  }
  chunk.copy(out, to, from)
  return out
}
