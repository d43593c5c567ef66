import type { CatalogColumn } from '../catalog/catalog.ts'
import { copyIn } from '../db/copy.ts'
import type { Work } from '../jobs/work.ts'
import { moveCellsSql } from '../db/row-width.ts'
import type { ColumnTraits } from './column-traits.ts'
import { stagedOwnBytes } from './narrow-rows.ts'
import { insertBadRecords } from './rejected-rows.ts'
import type { RowStream } from './row-stream.ts'

export interface Stage {
  table: string
  /** Staged column of a name in the file. */
  column(name: string): string
  has(name: string): boolean
  traits(name: string): ColumnTraits
  /** SQL: all staged columns as one text, for the download of rejected rows. */
  content(prefix: string): string
  rows: number
  bad: number
}

/**
 * Takes the stream into a staging table, all text, line by line. Unlogged: it is thrown away in the same transaction.
 * `counted`: the columns that tell whether a row is as it was before.
 * Records that could not be rows go to the rejected rows of the run, on another connection.
 */
export async function stageRows(work: Work, runId: number, counted: readonly CatalogColumn[], stream: RowStream): Promise<Stage> {
  const table = `stage_${runId}`
  await work.run(`create unlogged table ${table} (line bigint, hash bigint, ${stream.columns.map((_, index) => `s${index} text`).join(', ')}) with (autovacuum_enabled = off)`)
  const moving = moveCellsSql(table, stream.columns.map((_, index) => ({ column: `s${index}`, type: 'text' })), stagedOwnBytes)
  if (moving) await work.run(moving)
  const counting = stream.columns.map((name) => counted.find((column) => column.name === name)?.id ?? 0)
  let bad = 0
  async function* watched(): AsyncIterable<Buffer> {
    for await (const chunk of stream.chunks(counting)) {
      const records = stream.takeBad()
      bad += records.length
      await insertBadRecords(work.context.db, runId, records)
      const { done, total } = stream.progress()
      work.context.progress('Read file', Math.floor(done * 0.3), total)
      if (chunk.length) yield chunk
    }
    const records = stream.takeBad()
    bad += records.length
    await insertBadRecords(work.context.db, runId, records)
  }
  const delimiter = stream.delimiter === '\t' ? `E'\\t'` : `'${stream.delimiter.replaceAll("'", "''")}'`
  await copyIn(work.client, `copy ${table} from stdin with (format csv, delimiter ${delimiter}, null '', freeze)`, watched())
  const index = new Map(stream.columns.map((name, at) => [name, `s${at}`]))
  return {
    table, bad, rows: stream.progress().done,
    has: (name) => index.has(name),
    traits: (name) => stream.traits(stream.columns.indexOf(name)),
    column(name) {
      const column = index.get(name)
      if (!column) throw new Error(`the file has no column ${name}`)
      return column
    },
    content: (prefix) => `left(array_to_string(array[${stream.columns.map((_, at) => `${prefix}s${at}`).join(', ')}], ',', ''), 10000)`
  }
}
