import { importRows } from '../src/imports/run-import.ts'
import type { RowStream } from '../src/imports/row-stream.ts'
import { RecordSplitter } from '../src/imports/split-records.ts'
import { insertJob, setJobStarted } from '../src/jobs/queries.ts'
import type { JobContext } from '../src/jobs/job.ts'
import type { ColumnSpec } from '../src/catalog/column.ts'
import type { TestDatabase } from './helper.ts'

export interface SeedStructure { alias: string; key: { column: string; idType?: string }; updateTime?: string; columns: ColumnSpec[] }

/** CSV text as a stream of rows, in small pieces. */
export function textRows(text: string, delimiter = ','): RowStream {
  const names = (text.split(/\r?\n/, 1)[0] ?? '').split(delimiter)
  const splitter = new RecordSplitter({ delimiter, columns: names.length, header: true })
  async function* chunks(counting?: readonly number[]) {
    if (counting) splitter.hashBy(counting)
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += 65_536) yield splitter.push(bytes.subarray(at, at + 65_536))
    yield splitter.end()
  }
  return { columns: names, delimiter, chunks, takeBad: () => splitter.takeBad(), traits: (column) => splitter.traits(column), progress: () => ({ done: splitter.records, total: splitter.records }) }
}

/** A context for work that no job stands behind: a job's row is made for it, since work without one counts as cancelled. */
export async function contextOfNewJob(database: TestDatabase): Promise<JobContext> {
  return quietContext(database, await insertJob(database.db, { kind: 'reproject', title: 'in a test', payload: {}, operatorId: null, origin: 'command' }))
}

export function quietContext(database: TestDatabase, jobId: number, timeZone = 'Asia/Shanghai'): JobContext {
  return {
    jobId, db: database.db, pool: database.pool, dataDir: '/nowhere', aesKey: '0123456789ABCDEF', timeZone,
    log: { info() {}, error() {} }, progress() {}, async check() {}, async enqueue() {}
  }
}

/** Makes the source where it is not there yet and imports the text into it; answers source and run. */
export async function seed(database: TestDatabase, structure: SeedStructure, csv: string, options: { whole?: boolean } = {}): Promise<{ sourceId: number; runId: number }> {
  const { db } = database
  const sourceId = await findOrMake(database, structure)
  const jobId = await insertJob(db, { kind: 'import', title: 'seed', payload: {}, operatorId: null })
  const { id: runId } = await db.insertInto('import_runs').values({ source_id: sourceId, job_id: jobId, file_name: 'seed.csv', whole: options.whole ?? false }).returning('id').executeTakeFirstOrThrow()
  await setJobStarted(db, jobId)
  await importRows(quietContext(database, jobId), runId, async () => textRows(csv))
  return { sourceId, runId }
}

async function findOrMake({ db }: TestDatabase, structure: SeedStructure): Promise<number> {
  const known = await db.selectFrom('sources').select('id').where('alias', '=', structure.alias).where('removed_at', 'is', null).executeTakeFirst()
  if (known) return known.id
  const { id } = await db.insertInto('sources').values({
    alias: structure.alias, key_column: structure.key.column, key_id_type: structure.key.idType ?? null, update_time_column: structure.updateTime ?? null, file_format: '{}'
  }).returning('id').executeTakeFirstOrThrow()
  await db.insertInto('source_columns').values(structure.columns.map((column, position) => ({
    source_id: id, position: position + 1, name: column.name, kind: column.kind, type: column.type, delimiter: column.delimiter ?? null, id_type: column.idType ?? null,
    encryption: column.encryption ?? (column.kind === 'id' ? 'unencrypted' : null), attribute: column.attribute ?? null, tag_name: column.kind === 'tag' ? column.tagName ?? column.name : null,
    tag_group_id: null, description: null, format: column.format ?? null, time_zone: column.timeZone ?? null, empty_values: column.emptyValues ?? []
  }))).execute()
  return id
}
