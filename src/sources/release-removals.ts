import type { Catalog } from '../catalog/catalog.ts'
import { raiseCatalogVersion } from '../catalog/queries.ts'
import type { Db } from '../db/database.ts'
import { releaseRemovals as release } from './queries.ts'

/** Gives back a source whose removal ended without removing it; the next request sees it as before. */
export async function releaseRemovals(db: Db, catalog: Catalog): Promise<void> {
  if (!catalog.sources.some((source) => source.removing)) return
  await db.transaction().execute(async (trx) => { if (await release(trx)) await raiseCatalogVersion(trx) })
}
