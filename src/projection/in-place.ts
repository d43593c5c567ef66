import type { CatalogSource } from '../catalog/catalog.ts'
import type { Work } from '../jobs/work.ts'
import { severalRows, tagColumns, usersSelect, valuesSelect } from './effective-sql.ts'
import { overrideDocuments } from './overrides-sql.ts'

/** What a statement of the projection needs: a transaction and the structure as it stands in it. */
export type Writer = Pick<Work, 'run' | 'rows' | 'catalog'>

/** Which tables of the projection to write. */
export interface Parts { sources: readonly CatalogSource[]; users: boolean }

export function allParts(writer: Writer): Parts {
  return { sources: writer.catalog.sources.filter((source) => source.rowsTable && source.valuesTable), users: true }
}

/**
 * Makes the published tables show layers 1 to 3 for a few users, one statement a table. `scope` is a table (user_id) or a
 * subselect of one. The caller holds the projection, and the users where others may write them too.
 */
export async function projectInPlace(writer: Writer, scope: string, parts: Parts): Promise<void> {
  for (const source of parts.sources) await writer.run(writeValues(source, scope))
  if (parts.users) await writer.run(writeUsers(writer, scope))
}

function writeValues(source: CatalogSource, scope: string): string {
  const columns = tagColumns(source)
  const overrides = columns.length ? `(${overrideDocuments({ sourceId: source.id, fields: columns }, scope)})` : null
  return replaceRows(source.valuesTable as string, scope, ['user_id', 'row_count', ...columns.map((column) => column.column)], valuesSelect(source, scope, `(${severalRows(source, scope)})`, overrides))
}

function writeUsers({ catalog }: Writer, scope: string): string {
  const joined = `(select distinct a.user_id from row_aliases a where a.user_id in (select user_id from ${scope}))`
  const overrides = `(${overrideDocuments({ sourceId: null, fields: catalog.attributes }, scope)})`
  return replaceRows(catalog.usersTable, scope, ['user_id', 'created_at', 'source_id', ...catalog.attributes.map((attribute) => attribute.column)], usersSelect(catalog, scope, joined, overrides))
}

/** Rows of the scope become those of the select; where they stay they are written over, for 2.50 is not shown as 2.5 though both are equal. */
function replaceRows(table: string, scope: string, columns: string[], select: string): string {
  const others = columns.slice(1)
  return `with next as materialized (${select}),
    gone as (delete from ${table} t using ${scope} s where t.user_id = s.user_id and not exists (select from next n where n.user_id = t.user_id))
    insert into ${table} as t (${columns.join(', ')}) select ${columns.map((column) => `next.${column}`).join(', ')} from next
    on conflict (user_id) do update set ${others.map((column) => `${column} = excluded.${column}`).join(', ')}`
}
