import { open } from 'node:fs/promises'
import { Invalid } from '../problem.ts'
import type { FileFormat } from './queries.ts'
import { readSample, type FileSample } from './sample.ts'

/** The beginning of a file as read with a format, detected where it is not chosen. */
export interface SampledFile {
  format: FileFormat
  names: string[]
  rows: { line: number; cells: string[] }[]
  /** What should be known about the file although it can be imported. */
  notes: string[]
  /** Why it is no table, or none with this format; null for all others. */
  unreadable: string | null
  /** Rows of the whole file: counted where the sample is all of it, else estimated from its size. */
  rowsAbout: number
  exact: boolean
}

const sampleBytes = 1024 * 1024
/** How many rows the sample has at most. */
const sampleRows = 1000

/** Reads the beginning of a file; how much is always the same, so the page answers alike for any size. */
export async function sampleFile(path: string, chosen: Partial<FileFormat> = {}): Promise<SampledFile> {
  const { head, bytes } = await readHead(path)
  const whole = head.length === bytes
  const format = { encoding: chosen.encoding ?? 'utf-8', delimiter: chosen.delimiter ?? ',', header: chosen.header ?? true }
  const nothing = { format, names: [], rows: [], notes: [], rowsAbout: 0, exact: false }
  if (!whole && !head.includes(10) && !head.includes(13)) return { ...nothing, unreadable: 'The first line is longer than 1 MB. A table has a line for each row; this file has none of them.' }
  try {
    // Half a row at the end would look like one with too few columns.
    const sample = readSample(whole ? head : head.subarray(0, Math.max(head.lastIndexOf(10), head.lastIndexOf(13)) + 1), chosen)
    const exact = whole && sample.rows.length < sampleRows
    return {
      format: { encoding: sample.encoding, delimiter: sample.delimiter, header: sample.header }, names: sample.names, rows: sample.rows, notes: notesOf(sample, whole), unreadable: null,
      exact, rowsAbout: exact ? sample.rows.length : Math.round((lineEnds(head) / head.length) * bytes)
    }
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    return { ...nothing, unreadable: error.message }
  }
}

function notesOf(sample: FileSample, whole: boolean): string[] {
  if (sample.rows.length > 0 || whole) return sample.problems
  return ['The first row is longer than 1 MB, more than a row can have. The rows after it cannot be shown here.']
}

function lineEnds(head: Buffer): number {
  const end = head.includes(10) ? 10 : 13
  let count = 0
  for (let at = head.indexOf(end); at >= 0; at = head.indexOf(end, at + 1)) count++
  return Math.max(1, count)
}

async function readHead(path: string): Promise<{ head: Buffer; bytes: number }> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, sampleBytes)), 0, Math.min(size, sampleBytes), 0)
    return { head: buffer.subarray(0, bytesRead), bytes: size }
  } finally {
    await file.close()
  }
}
