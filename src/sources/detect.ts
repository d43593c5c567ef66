import { isUtf8 } from 'node:buffer'
import { Transform } from 'node:stream'
import { Invalid } from '../problem.ts'

export type FileEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'

export const delimiters = [',', ';', '\t', '|'] as const

/** Control characters that no text file has: all but tab, line ends, form feed and escape. */
const binaryByte = (byte: number) => byte < 32 && ![9, 10, 11, 12, 13, 27].includes(byte)

/**
 * The encoding of a file from its beginning: by its mark, by the zeros of UTF-16, else UTF-8 where it is that, else GB18030.
 * Throws Invalid for a file that is no text.
 */
export function detectEncoding(head: Buffer): FileEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const zeros = [0, 0]
  const sample = head.subarray(0, 64 * 1024)
  for (let at = 0; at < sample.length; at++) if (sample[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  if (odd > sample.length / 10 && even < odd / 20) return 'utf-16le'
  if (even > sample.length / 10 && odd < even / 20) return 'utf-16be'
  let binary = 0
  for (const byte of sample) if (binaryByte(byte)) binary++
  if (binary > Math.max(8, sample.length / 100)) throw new Invalid('This is not a text file. Save the table as CSV and upload that.')
  if (isUtf8(wholeCharacters(head))) return 'utf-8'
  return mostlyUtf8(head) ? 'utf-8' : 'gb18030'
}

/** A sample may end inside a character of up to four bytes. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}

/** A few broken bytes in a UTF-8 file reject their rows; they do not make the whole file GB18030. */
function mostlyUtf8(head: Buffer): boolean {
  const utf8 = new TextDecoder('utf-8').decode(head)
  const broken = utf8.split('\ufffd').length - 1
  const wide = utf8.replaceAll('\ufffd', '').match(/[\u0080-\uffff]/g)?.length ?? 0
  const gb = new TextDecoder('gb18030').decode(head)
  return wide > broken * 4 || gb.split('\ufffd').length - 1 >= broken
}

/** Bytes of a file to UTF-8, without its mark. UTF-8 passes as it is: broken characters are found row by row. */
export function decoder(encoding: string): Transform {
  if (encoding === 'utf-8') return new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) })
  const text = new TextDecoder(encoding)
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, Buffer.from(text.decode(chunk, { stream: true }))),
    flush: (done) => done(null, Buffer.from(text.decode()))
  })
}

/** The delimiter that cuts the first lines into the same number of fields most consistently, quotation marks minded. */
export function detectDelimiter(text: string): string {
  const scores = delimiters.map((delimiter) => {
    const counts = countFields(text, delimiter)
    const usual = mode(counts)
    return { delimiter, score: usual < 2 ? 0 : (counts.filter((count) => count === usual).length / counts.length) * 100 + Math.min(usual, 50) }
  })
  return scores.reduce((best, next) => (next.score > best.score ? next : best)).delimiter
}

const linesLooked = 50

function countFields(text: string, delimiter: string): number[] {
  const counts: number[] = []
  let fields = 1
  let quoted = false
  let filled = false
  for (let at = 0; at < text.length && counts.length < linesLooked; at++) {
    const char = text.charAt(at)
    if (char === '"') quoted = !quoted
    else if (quoted) continue
    else if (char === delimiter) fields++
    else if (char === '\n' || char === '\r') {
      if (filled) counts.push(fields)
      fields = 1
      filled = false
      continue
    }
    filled = true
  }
  if (filled && counts.length < 2) counts.push(fields)
  return counts.length ? counts : [1]
}

function mode(numbers: number[]): number {
  const seen = new Map<number, number>()
  for (const number of numbers) seen.set(number, (seen.get(number) ?? 0) + 1)
  return [...seen].reduce((best, next) => (next[1] > best[1] ? next : best))[0]
}

/** Whether the first row names the columns: names are filled, differ, and are neither numbers nor dates nor e-mail addresses. */
export function detectHeader(rows: readonly (readonly string[])[]): boolean {
  const [first] = rows
  if (!first || first.every((cell) => cell.trim() === '')) return false
  return !first.some((cell) => /^[-+]?\d[\d., ]*$|^\d{1,4}[-/.年]\d{1,2}[-/.月]|@.+\.|^[0-9a-f]{32,}$/i.test(cell.trim()))
}
