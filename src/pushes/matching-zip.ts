import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { halfEnding, zipLevel } from '../exports/write-zip.ts'
import { asItIs } from './document.ts'
import type { Hash } from './push.ts'

/** A ZIP of CSV files with one column each: a new file for each ID type, and where one has as many rows as the receiver takes. */
export class MatchingZip {
  readonly #path: string
  readonly #hash: Hash
  readonly #most: number
  readonly #zip = new ZipFile()
  readonly #written: Promise<void>
  readonly #parts = new Map<string, number>()
  #file: PassThrough | null = null
  #type = ''
  #rows = 0
  #text = ''

  constructor(path: string, hash: Hash, rowsPerFile: number) {
    this.#path = path
    this.#hash = hash
    this.#most = rowsPerFile
    const output = this.#zip.outputStream as Readable
    this.#zip.on('error', (error: Error) => output.destroy(error))
    this.#written = pipeline(output, createWriteStream(`${path}${halfEnding}`, { mode: 0o600, flush: true }))
    // It is told where the file ends, or before that by a write that comes to nothing.
    this.#written.catch((error: Error) => this.#file?.destroy(error))
  }

  async write(type: string, value: string): Promise<void> {
    if (type !== this.#type || this.#rows === this.#most) await this.#begin(type)
    this.#rows++
    this.#text += `${/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value}\r\n`
    if (this.#text.length > 65_536) await this.#flush()
  }

  async #begin(type: string): Promise<void> {
    await this.#finish()
    const part = (this.#parts.get(type) ?? 0) + 1
    this.#parts.set(type, part)
    this.#file = new PassThrough()
    this.#file.on('error', () => {})
    this.#type = type
    this.#rows = 0
    const word = type === asItIs ? 'UNENCRYPTED' : this.#hash.toUpperCase()
    this.#zip.addReadStream(this.#file, `${type}-${word}-${String(part).padStart(3, '0')}.csv`, { compressionLevel: zipLevel, mode: 0o100600 })
    this.#text = `${type}(${word})\r\n`
  }

  async #flush(): Promise<void> {
    const text = this.#text
    this.#text = ''
    if (this.#file && text && !this.#file.write(text)) await Promise.race([once(this.#file, 'drain'), this.#written])
  }

  async #finish(): Promise<void> {
    await this.#flush()
    this.#file?.end()
    this.#file = null
  }

  /** The file is whole and has its name. Answers its size in bytes. */
  async end(): Promise<number> {
    await this.#finish()
    this.#zip.end()
    await this.#written
    const half = `${this.#path}${halfEnding}`
    const { size } = await stat(half)
    await rename(half, this.#path)
    return size
  }

  /** Nothing is left of it. */
  async abandon(): Promise<void> {
    this.#file?.destroy()
    ;(this.#zip.outputStream as Readable).destroy()
    await this.#written.catch(() => {})
    await rm(`${this.#path}${halfEnding}`, { force: true })
  }
}
