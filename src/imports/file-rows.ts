import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { decoder } from '../sources/detect.ts'
import { readSample, type FileSample } from '../sources/sample.ts'
import type { FileFormat } from '../sources/queries.ts'
import { JobStopped } from '../jobs/job.ts'
import type { RowStream } from './row-stream.ts'
import { RecordSplitter } from './split-records.ts'

const sampleBytes = 1024 * 1024
const readBytes = 256 * 1024

/** Staging holds every column of a file as one column of a table, of which PostgreSQL takes 1,600. */
const mostColumns = 1500

/** The rows of a CSV file, read as a stream. Throws JobStopped where the file is none. */
export async function fileRows(path: string, format: FileFormat | undefined): Promise<RowStream> {
  const { size } = await stat(path).catch(() => { throw new JobStopped('The file is not there any more. Upload it again.') })
  const sample = await sampleOf(path, format)
  if (sample.names.length > mostColumns) throw new JobStopped(`The file has ${sample.names.length} columns. At most ${mostColumns} can be read; leave out those that are not needed.`)
  const splitter = new RecordSplitter({ delimiter: sample.delimiter, columns: sample.names.length, header: sample.header })
  let read = 0
  async function* chunks(counting?: readonly number[]): AsyncIterable<Buffer> {
    if (counting) splitter.hashBy(counting)
    const bytes = createReadStream(path, { highWaterMark: readBytes })
    bytes.on('data', (chunk) => { read += chunk.length })
    for await (const chunk of bytes.pipe(decoder(sample.encoding)) as AsyncIterable<Buffer>) yield splitter.push(chunk)
    yield splitter.end()
  }
  return {
    columns: sample.names, delimiter: sample.delimiter, chunks, takeBad: () => splitter.takeBad(), traits: (column) => splitter.traits(column),
    progress: () => ({ done: splitter.records, total: read >= size ? splitter.records : Math.round((splitter.records / Math.max(1, read)) * size) })
  }
}

async function sampleOf(path: string, format: FileFormat | undefined): Promise<FileSample> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sampleBytes), 0, sampleBytes, 0)
    return readSample(buffer.subarray(0, bytesRead), format)
  } catch (error) {
    throw new JobStopped(`The file cannot be read as a table: ${error instanceof Error ? error.message : 'it is not text'}`)
  } finally {
    await file.close()
  }
}
