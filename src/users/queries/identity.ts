import { sql } from 'kysely'
import type { VisibleSource } from '../../access/access.ts'
import type { Sql } from '../../db/sql.ts'
import { passesRow } from './row-condition.ts'
import type { Scope } from './scope.ts'

/** One way a typed value may be stored: its match key under an ID type. */
export interface IdKey { idType: number; key: string }

/** Match keys of a typed value, for every ID type or for the one named. */
export interface IdKeys {
  (value: string, idType?: string): IdKey[]
  /** Exact whole values of masked columns are found as well, by the box that asks for any ID: limited and recorded by look-up.ts. */
  masked?: boolean
  /** The keys are those of one ID type alone: numbers are no user IDs then. */
  typed?: boolean
}

/**
 * The user `u` has one of these IDs: with an ID type a value of it; without one also the user ID, or one that was joined
 * into this user. Masked columns are searched where `keys` say that this was allowed.
 */
export function hasIdentity(scope: Scope, values: string[], idType: string | undefined, keys: IdKeys): Sql {
  const wanted = values.map((value) => value.trim()).filter((value) => value !== '')
  const found = wanted.flatMap((value) => keys(value, idType))
  const ways = scope.access.sources.flatMap((source) => bySource(scope, source, found, idType, keys.masked === true && !idType))
  const numbers = idType || keys.typed ? [] : wanted.filter(isRowNumber)
  if (numbers.length) ways.push(...byNumber(scope, numbers))
  return ways.length ? sql`u.user_id in (${sql.join(ways, sql` union all `)})` : sql`false`
}

/** Fits a bigint and is written as the pages write it. */
export function isRowNumber(text: string): boolean {
  return /^[1-9]\d{0,17}$/.test(text)
}

function bySource(scope: Scope, source: VisibleSource, keys: IdKey[], idType: string | undefined, masked: boolean): Sql[] {
  const columns = source.columns.filter((column) => column.kind === 'id' && (!column.masked || masked) && (!idType || column.idType === idType))
  if (!source.identitiesTable || columns.length === 0 || keys.length === 0) return []
  return [sql`
    select i.user_id from (
      select coalesce(a.user_id, i.row_number) as user_id, i.row_number
      from ${allKeys(keys)} k
      join ${sql.table(source.identitiesTable)} i on i.match_key = k.match_key and i.id_type = k.id_type and i.column_id = any (${columns.map((column) => column.id)}::int[])
      left join row_aliases a on a.row_number = i.row_number
    ) i ${onlyPassing(scope, source, sql`i.user_id`, sql`i.row_number`)}`]
}

/** A SHA256 value whose plain value is in the data stands under the key of the plain one. */
function allKeys(keys: IdKey[]): Sql {
  const given = sql`unnest(${keys.map((key) => key.idType)}::smallint[], ${keys.map((key) => key.key)}::uuid[]) g (id_type, match_key)`
  return sql`(select g.id_type, g.match_key from ${given} union select p.id_type, p.match_key from ${given} join plain_hashes p on p.id_type = g.id_type and p.sha_key = g.match_key)`
}

/** Keeps rows that pass the row condition of their source, if there is one. */
function onlyPassing(scope: Scope, source: VisibleSource, userId: Sql, rowNumber: Sql): Sql {
  if (!source.rowCondition) return sql``
  return sql`where exists (select from ${sql.table(source.rowsTable!)} r join ${sql.table(scope.access.usersTable)} u on u.user_id = ${userId} where r.row_number = ${rowNumber} and ${passesRow(scope, source)})`
}

/** The user ID itself, and old ones: row numbers of visible rows, or of rows that are gone from a visible source. */
export function byNumber(scope: Scope, numbers: string[]): Sql[] {
  const list = sql`${numbers}::bigint[]`
  const { access } = scope
  if (access.everyUser) return [sql`select user_of(n) from unnest(${list}) t (n)`]
  const own = sql`select n from unnest(${list}) t (n)`
  const rows = access.sources.map((source) => sql`
    select a.user_id from row_aliases a join ${sql.table(source.rowsTable!)} o on o.row_number = a.row_number
    ${onlyPassing(scope, source, sql`a.user_id`, sql`a.row_number`)} ${sql.raw(source.rowCondition ? 'and' : 'where')} a.row_number = any (${list})`)
  const whole = access.sources.filter((source) => !source.rowCondition).map((source) => source.id)
  return [own, ...rows, sql`select user_of(d.row_number) from removed_rows d where d.row_number = any (${list}) and d.source_id = any (${whole}::int[])`]
}
