import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { CatalogSource } from '../catalog/catalog.ts'
import { copyIn } from '../db/copy.ts'
import type { FileFormat } from '../sources/queries.ts'
import { fileRows } from './file-rows.ts'
import { narrowRows } from './narrow-rows.ts'

/**
 * How many rows of the source are not in the file, and would be removed if it were the whole table? The file goes as a
 * stream into a temporary table that is thrown away; a row that the run would reject counts as being there.
 */
export async function countMissing(pool: pg.Pool, source: Pick<CatalogSource, 'rowsTable' | 'keyColumn'>, path: string, format: FileFormat): Promise<number> {
  if (!source.rowsTable) return 0
  const rows = narrowRows(await fileRows(path, format), new Set([source.keyColumn]))
  const key = rows.columns.indexOf(source.keyColumn)
  if (key < 0) return 0
  const client = await pool.connect()
  const table = `keys_${randomBytes(6).toString('hex')}`
  let broken: Error | undefined
  try {
    await client.query('begin')
    await client.query(`set local statement_timeout = 0; set local work_mem = '64MB'`)
    await client.query(`create temp table ${table} (line bigint, hash bigint, ${rows.columns.map((_, index) => `s${index} text`).join(', ')}) on commit drop`)
    const delimiter = rows.delimiter === '\t' ? `E'\\t'` : `'${rows.delimiter.replaceAll("'", "''")}'`
    await copyIn(client, `copy ${table} from stdin with (format csv, delimiter ${delimiter}, null '')`, withoutBad(rows))
    const { rows: [found] } = await client.query<{ count: string }>(`select count(*) from ${source.rowsTable} r where not exists (select from ${table} s where btrim(s.s${key}) = r.source_key)`)
    return Number(found?.count ?? 0)
  } finally {
    await client.query('rollback').catch((error: Error) => { broken = error })
    client.release(broken)
  }
}

/** Records that are no rows are not kept: a file of nothing else must not fill the memory. */
async function* withoutBad(rows: Awaited<ReturnType<typeof fileRows>>): AsyncIterable<Buffer> {
  for await (const chunk of rows.chunks()) {
    rows.takeBad()
    if (chunk.length) yield chunk
  }
}
