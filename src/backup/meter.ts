import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'

const lineEnd = 10

/** Passes bytes on and says what passed. COPY text ends every row with the only kind of line end in it. */
export class Meter extends Transform {
  bytes = 0
  rows = 0
  readonly #hash = createHash('sha256')
  readonly #seen: (rows: number) => void

  constructor(seen: (rows: number) => void = () => {}) {
    super()
    this.#seen = seen
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length
    this.#hash.update(chunk)
    let ends = 0
    for (let at = chunk.indexOf(lineEnd); at !== -1; at = chunk.indexOf(lineEnd, at + 1)) ends++
    this.rows += ends
    this.#seen(ends)
    done(null, chunk)
  }

  /** Once, at the end. */
  digest(): string {
    return this.#hash.digest('hex')
  }
}
