import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { parse } from 'csv-parse'
import type { Access } from '../access/access.ts'
import { JobStopped } from '../jobs/job.ts'
import type { Work } from '../jobs/work.ts'
import { trimBlanks } from '../sources/blanks.ts'
import { decoder } from '../sources/detect.ts'
import { sampleFile } from '../sources/sample-file.ts'
import type { IdKeys } from '../users/queries/identity.ts'
import { Scope } from '../users/queries/scope.ts'
import { beginIds, findIds, insertIds } from './queries/ids.ts'

/** A file of IDs that waits: which of its columns holds them, and of which type they are. */
export interface IdFile { uploadId: string; path: string; column: number; idType: string }

const batch = 5000

/** Reads a file of IDs as a stream and finds whom they mean, for the owner of an audience. */
export async function readIds(work: Work, access: Access, keys: IdKeys, file: IdFile): Promise<Awaited<ReturnType<typeof findIds>>> {
  const { size } = await stat(file.path).catch(() => { throw new JobStopped('The file of IDs is not there any more. Upload it again.') })
  const { format, unreadable } = await sampleFile(file.path)
  if (unreadable !== null) throw new JobStopped(`The file of IDs cannot be read: ${unreadable}`)
  await beginIds(work)
  let read = 0
  const bytes = createReadStream(file.path)
  bytes.on('data', (chunk) => { read += chunk.length })
  const rows = bytes.pipe(decoder(format.encoding)).pipe(parse({ delimiter: format.delimiter, bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, from: format.header ? 2 : 1, record_delimiter: ['\r\n', '\n', '\r'], skip_records_with_error: true, max_record_size: 4_000_000 }))
  let values: ReturnType<IdKeys>[] = []
  for await (const row of rows as AsyncIterable<string[]>) {
    const value = trimBlanks((row[file.column] ?? '').replaceAll('\0', ''))
    if (value === '') continue
    values.push(keys(value, file.idType))
    if (values.length < batch) continue
    await insertIds(work, values)
    values = []
    work.context.progress('Read the IDs', read, size)
  }
  if (values.length) await insertIds(work, values)
  return findIds(work, new Scope(access, work.context.timeZone), file.idType)
}
