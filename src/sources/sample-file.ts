import { open } from 'node:fs/promises'
import type { FileFormat } from './queries.ts'
import { readSample } from './sample.ts'

/** The beginning of a file as read with a format, detected where it is not chosen. */
export interface SampledFile {
  format: FileFormat
  names: string[]
  rows: { line: number; cells: string[] }[]
  /** What should be known about the file although it can be imported. */
  notes: string[]
  /** Why it can be no table at all; null for all others. */
  unreadable: string | null
  /** Rows of the whole file: counted where the sample is all of it, else from its size. */
  rowsAbout: number
  whole: boolean
}

const sampleBytes = 1024 * 1024

/** Reads the beginning of a file; how much is always the same, so the page answers alike for any size. */
export async function sampleFile(path: string, chosen: Partial<FileFormat> = {}): Promise<SampledFile> {
  const { head, bytes } = await readHead(path)
  const whole = head.length === bytes
  const sample = readSample(head, chosen)
  return {
    format: { encoding: sample.encoding, delimiter: sample.delimiter, header: sample.header }, names: sample.names, rows: sample.rows, notes: sample.problems, unreadable: null, whole,
    rowsAbout: whole ? sample.rows.length : Math.round((sample.rows.length / head.length) * bytes)
  }
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
