import type pg from 'pg'
import type { Catalog, CatalogSource } from '../catalog/catalog.ts'
import type { Db } from '../db/database.ts'
import type { JobContext } from './job.ts'

/**
 * One transaction of the data lane. Everything a run does happens on its client, so that a kill at any moment leaves
 * the state before it; readers go on with the published versions of the tables until it commits.
 */
export interface Work {
  client: pg.PoolClient
  /** Kysely on the same client: inside the transaction. */
  db: Db
  context: JobContext
  catalog: Catalog
  /** Runs one statement; answers the number of rows it touched. */
  run(statement: string, values?: unknown[]): Promise<number>
  rows<T>(statement: string, values?: unknown[]): Promise<T[]>
}

/** The rows of one source that a run adds, changes or removes. All later steps (identities, mapping, projection) start from it. */
export interface Delta {
  source: CatalogSource
  /** Table (op 'new' | 'changed' | 'removed', row_number) of this transaction. Null: every row of the source is new or may have changed. */
  table: string
  rows: number
  newRows: number
  changedRows: number
  removedRows: number
}

export function sourceOf(work: Work, id: number): CatalogSource {
  const source = work.catalog.sources.find((candidate) => candidate.id === id)
  if (!source) throw new Error(`source ${id} is not in the catalog`)
  return source
}
