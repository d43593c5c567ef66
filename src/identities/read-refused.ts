import type { Access } from '../access/access.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Db } from '../db/database.ts'
import { readSnapshot } from '../db/snapshot.ts'
import { NotFound } from '../problem.ts'
import { listIdCells, type IdCell } from '../users/queries/id-cells.ts'
import { listExceptions, type ListedException } from './queries/exceptions.ts'
import { countRefusedJoins, findRefusedJoin, listNames, listRefusedJoins, listRowsBehind, listSamples, seesAll, type BehindRow, type RefusedJoin, type RefusedKey, type RefusedPlace, type Sample } from './queries/refused-joins.ts'
import type { RefusedReason } from './refused-join.ts'

export const pageRows = 50

/** Of one value at most so many rows are looked at for the list; more are said to be "or more". */
export const mostSeen = 1000

export interface RefusedPage { joins: RefusedJoin[]; more: boolean; samples: Sample[]; counts: Record<RefusedReason, number> | undefined; exceptions: ListedException[]; exceptionSamples: Sample[]; moreExceptions: boolean }

/** So many exceptions are listed; nobody makes more by hand. */
export const mostExceptions = 200

/** How many ID columns there are at all. */
export function idColumnsOf(catalog: Catalog): number {
  return catalog.sources.filter((source) => source.rowsTable !== null && !source.removing).reduce((sum, source) => sum + source.columns.filter((column) => column.kind === 'id').length, 0)
}

/** A page of the list of refused joins, on one snapshot. */
export async function readRefusedPage(db: Db, catalog: Catalog, access: Access, options: { reason: RefusedReason | null; after: RefusedPlace | null; timeZone: string }): Promise<RefusedPage> {
  const idColumns = idColumnsOf(catalog)
  return readSnapshot(db, async (trx) => {
    const found = await listRefusedJoins(trx, access, { ...options, limit: pageRows + 1, idColumns })
    const joins = found.slice(0, pageRows)
    const listed = await listExceptions(trx, mostExceptions + 1)
    const exceptionSamples = await listSamples(trx, access, listed, { most: mostSeen, timeZone: options.timeZone })
    // A value that no visible row has is not there, unless every row is visible.
    const exceptions = seesAll(access, idColumns) ? listed : listed.filter((one) => exceptionSamples.some((sample) => sample.idType === one.idType && sample.key === one.key))
    return {
      joins, more: found.length > pageRows, counts: await countRefusedJoins(trx, access, idColumns),
      samples: await listSamples(trx, access, joins, { most: mostSeen, timeZone: options.timeZone }),
      exceptions: exceptions.slice(0, mostExceptions), exceptionSamples, moreExceptions: listed.length > mostExceptions
    }
  })
}

export interface RefusedDetail { join: RefusedJoin; sample: Sample | undefined; exact: boolean; rows: BehindRow[]; more: boolean; held: IdCell[]; names: Map<string, string> }

/** One refused join with the visible rows behind it, on one snapshot. */
export async function readRefusedJoin(db: Db, catalog: Catalog, access: Access, key: RefusedKey, options: { after: string; timeZone: string }): Promise<RefusedDetail> {
  const idColumns = idColumnsOf(catalog)
  return readSnapshot(db, async (trx) => {
    const join = await findRefusedJoin(trx, access, key, { idColumns, timeZone: options.timeZone })
    if (!join) throw new NotFound('There is no such refused join. It may have been settled by a later import.')
    const [sample] = await listSamples(trx, access, [join], { most: mostSeen, timeZone: options.timeZone })
    const found = await listRowsBehind(trx, access, join, { ...options, limit: pageRows + 1 })
    const rows = found.slice(0, pageRows)
    const users = [...new Set(rows.map((row) => row.userId))]
    const conflict = access.idTypes.find((type) => type.id === join.conflictType)?.code
    const held = conflict ? await listIdCells(trx, access, options.timeZone, users, (column) => column.idType === conflict) : []
    return { join, sample, exact: (await countRefusedJoins(trx, access, idColumns)) !== undefined, rows, more: found.length > pageRows, held, names: await listNames(trx, access, users) }
  })
}
