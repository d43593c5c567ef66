import type { CatalogSource } from '../catalog/catalog.ts'
import { raiseCatalogVersion } from '../catalog/queries.ts'
import type { Work } from '../jobs/work.ts'

/** Writes the names of `work.catalog` where pages look them up, and retires the versions they replace. `kept`: not to be retired; `counted`: whose rows or users may be more or fewer than before, null: nobody's. */
export async function publishTables(work: Work, alsoRetired: string[], kept: string | null, counted: ((source: CatalogSource) => boolean) | null = () => true): Promise<void> {
  const before = new Set((await work.rows<{ name: string }>('select users_table as name from catalog_state union select unnest(array[rows_table, identities_table, values_table]) from sources')).map((row) => row.name))
  for (const source of work.catalog.sources) {
    await work.run('update sources set rows_table = $2, identities_table = $3, values_table = $4 where id = $1', [source.id, source.rowsTable, source.identitiesTable, source.valuesTable])
    if (source.valuesTable && counted?.(source)) await work.run(`update sources set row_count = (select count(*) from ${source.rowsTable}), user_count = (select count(*) from ${source.valuesTable} where row_count > 0) where id = $1`, [source.id])
  }
  await work.run(`update catalog_state set users_table = $1${counted ? `, user_count = (select count(*) from ${work.catalog.usersTable})` : ''}`, [work.catalog.usersTable])
  await raiseCatalogVersion(work.db)
  const now = new Set([work.catalog.usersTable, ...work.catalog.sources.flatMap((source) => [source.rowsTable, source.identitiesTable, source.valuesTable])])
  const retired = [...before, ...alsoRetired].filter((name) => name && !now.has(name) && name !== kept)
  await work.run('insert into retired_tables (name) select * from unnest($1::text[]) on conflict do nothing', [retired])
}
