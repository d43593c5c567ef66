import type { Catalog } from '../catalog/catalog.ts'
import type { Work } from '../jobs/work.ts'
import { tagColumns } from './effective-sql.ts'

export interface Difference { table: string; users: number }

/** The tables of the projection as they are published: what a rebuild is compared with. */
export function publishedTables(catalog: Catalog): Map<string, string> {
  return new Map([['users', catalog.usersTable], ...catalog.sources.flatMap((source) => (source.valuesTable ? [[`values of ${source.alias}`, source.valuesTable] as const] : []))])
}

/**
 * For how many users does a table made anew say something else than the one it replaces? Users whose hand-set values
 * changed after the mark are left out: both tables are about to be right for them.
 */
export async function findDifferences(work: Work, before: Map<string, string>, mark: string): Promise<Difference[]> {
  const found: Difference[] = []
  const { catalog } = work
  const columns = new Map<string, string[]>([['users', ['created_at', 'source_id', ...catalog.attributes.map((attribute) => attribute.column)]], ...catalog.sources.map((source) => [`values of ${source.alias}`, ['row_count', ...tagColumns(source).map((column) => column.column)]] as [string, string[]])])
  for (const [table, name] of publishedTables(catalog)) {
    const old = before.get(table)
    if (!old || old === name) continue
    const row = (alias: string) => `row(${(columns.get(table) ?? []).map((column) => `${alias}.${column}`).join(', ')})`
    const [counted] = await work.rows<{ users: string }>(`select count(*) as users from ${old} o full join ${name} n on n.user_id = o.user_id
      where (o.user_id is null or n.user_id is null or ${row('o')} is distinct from ${row('n')})
        and coalesce(o.user_id, n.user_id) not in (select user_of(d.row_number) from overrides d where d.changed > $1 and user_of(d.row_number) is not null)`, [mark])
    if (counted?.users !== '0') found.push({ table, users: Number(counted?.users) })
  }
  return found
}
