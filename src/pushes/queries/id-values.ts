import { sql } from 'kysely'
import type { VisibleSource } from '../../access/access.ts'
import type { Encryption } from '../../catalog/column.ts'
import type { Sql } from '../../db/sql.ts'
import { passesRow } from '../../users/queries/row-condition.ts'
import type { Scope } from '../../users/queries/scope.ts'
import type { IdColumns } from '../document.ts'

/** What a value is: of which ID type, the bit of that type, and how it is encrypted. */
export interface IdKind { type: string; bit: number; encryption: Encryption }

/** Every kind of value that some columns hold, by type. */
export function kindsOf(ids: readonly IdColumns[]): IdKind[] {
  return ids.flatMap(({ type, places }, bit) => [...new Set(places.map(({ encryption }) => encryption))].map((encryption) => ({ type, bit, encryption })))
}

const hashes: Partial<Record<Encryption, string>> = { md5: '^[0-9a-f]{32}$', sha256: '^[0-9a-f]{64}$' }

/** The least and the greatest user ID of those in `chosen`: neighbours are read together, as their rows stand. */
export interface Between { least: string; greatest: string }

/** SQL (user_id, kind, value): the values of the users in `chosen`, each once; `kind` is the place in kindsOf. `wellFormed`: without those that should be a hash and are none. */
export function idValues(scope: Scope, ids: readonly IdColumns[], { wellFormed = false, between }: { wellFormed?: boolean; between?: Between } = {}): Sql {
  const kinds = kindsOf(ids)
  const kindOf = (type: string, encryption: string) => kinds.findIndex((kind) => kind.type === type && kind.encryption === encryption)
  const sources = [...new Set(ids.flatMap(({ places }) => places.map(({ source }) => source)))]
  if (sources.length === 0) return sql`select null::bigint as user_id, null::int as kind, null::text as value where false`
  const parts = sources.flatMap((source) => cellsOf(scope, source, between, ids.flatMap(({ type, places }) => places.filter((place) => place.source === source)
    .map(({ column, encryption }) => sql`(${sql.lit(kindOf(type, encryption))}, ${cellOf(sql.ref(`r.${column.column}`), wellFormed ? hashes[encryption] : undefined)} collate "C")`))))
  return sql`${sql.join(parts, sql` union `)}`
}

function cellOf(cell: Sql, pattern: string | undefined): Sql {
  return pattern ? sql`case when lower(btrim(${cell})) ~ ${sql.lit(pattern)} then ${cell} end` : cell
}

/** SQL: a bit for each type of which the user has a value, over the rows of idValues. */
export function typeBits(kinds: readonly IdKind[], alias: string): Sql {
  return sql`bit_or(1::bigint << (${kinds.map(({ bit }) => bit)}::int[])[${sql.ref(`${alias}.kind`)} + 1])`
}

/** SQL (user_id, kind, value): what the rows of a source say of the users in `chosen`: the row that gave a user its number, and those of joined ones. */
function cellsOf(scope: Scope, source: VisibleSource, between: Between | undefined, cells: Sql[]): Sql[] {
  const users = source.rowCondition ? sql`join ${sql.table(scope.access.usersTable)} u on u.user_id = c.user_id` : sql``
  const rest = sql`${users} cross join lateral (values ${sql.join(cells)}) v (kind, value) where v.value is not null and ${passesRow(scope, source)}`
  const rows = sql`${sql.table(source.rowsTable!)} r`
  return [
    sql`select c.user_id, v.kind, v.value from chosen c join ${rows} on r.row_number = c.user_id ${rest} ${between ? sql`and r.row_number between ${between.least}::bigint and ${between.greatest}::bigint` : sql``}`,
    sql`select c.user_id, v.kind, v.value from chosen c join row_aliases a on a.user_id = c.user_id join ${rows} on r.row_number = a.row_number ${rest}`
  ]
}
