import type { Catalog } from '../catalog/catalog.ts'
import type { Target } from '../catalog/target.ts'
import { attributeSqlType, userRows, usersSelect } from './effective-sql.ts'

/**
 * SQL (user_id, row_number, value): what the sources alone say of one field, for the users of a table, and the row number
 * that a decision about it is kept under: that of the winning row in the source of a tag, of the user for an attribute.
 */
export function importedSelect(catalog: Catalog, scope: string, target: Target): string {
  if (target.attribute) {
    const joined = `(select distinct a.user_id from row_aliases a where a.user_id in (select user_id from ${scope}))`
    return `select user_id, user_id as row_number, ${target.attribute.column}::${attributeSqlType(target.attribute)} as value from (${usersSelect({ ...catalog, attributes: [target.attribute] }, scope, joined, null)}) i`
  }
  const { column } = target.column
  return `select distinct on (r.user_id) r.user_id, r.row_number, r.${column} as value from ${userRows(target.source, scope)} r order by r.user_id, (r.${column} is not null) desc, r.row_time desc, r.row_number desc`
}
