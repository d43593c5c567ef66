import { sql } from 'kysely'
import type { Access, VisibleColumn, VisibleSource } from '../../access/access.ts'
import type { Db } from '../../db/database.ts'
import type { Sql } from '../../db/sql.ts'
import { masked } from '../../users/queries/mask.ts'
import { passesRow } from '../../users/queries/row-condition.ts'
import { Scope } from '../../users/queries/scope.ts'
import type { RefusedReason } from '../refused-join.ts'

export interface RefusedKey { idType: number; key: string }
export interface RefusedJoin extends RefusedKey { reason: RefusedReason; conflictType: number | null; rows: number; since: Date; sinceText: string }

/** Where a page of the list begins: after this entry. */
export interface RefusedPlace extends RefusedKey { since: string }

interface Carrier { source: VisibleSource; columns: VisibleColumn[] }

/** The visible ID columns of each visible source, those whose values say most first: plain before hashed, open before masked. */
function carriers(access: Access, idType?: string): Carrier[] {
  const rank = (column: VisibleColumn) => (column.masked ? 2 : 0) + (column.encryption === 'unencrypted' || column.encryption === null ? 0 : 1)
  return access.sources.flatMap((source) => {
    const columns = source.columns.filter((column) => column.kind === 'id' && (idType === undefined || column.idType === idType)).toSorted((a, b) => rank(a) - rank(b))
    return source.identitiesTable && source.rowsTable && columns.length ? [{ source, columns }] : []
  })
}

/** Identities `i` of a source in visible columns, with their row `r` where it passes the row condition. */
function identities(scope: Scope, { source, columns }: Carrier, match: Sql): Sql {
  const user = source.rowCondition ? sql`left join row_aliases ua on ua.row_number = i.row_number join ${sql.table(scope.access.usersTable)} u on u.user_id = coalesce(ua.user_id, i.row_number)` : sql``
  return sql`${sql.table(source.identitiesTable!)} i join ${sql.table(source.rowsTable!)} r on r.row_number = i.row_number ${user}
    where ${match} and i.column_id = any (${columns.map((column) => column.id)}::int[]) and ${passesRow(scope, source)}`
}

/** The cell an identity `i` came from, masked where the operator may only see that there is one. */
function cellOf(columns: readonly VisibleColumn[]): Sql {
  return sql`case i.column_id ${sql.join(columns.map((column) => sql`when ${column.id} then ${column.masked ? masked('id', sql.ref(`r.${column.column}`)) : sql.ref(`r.${column.column}`)}`), sql` `)} end`
}

/** True where every row behind every value is visible, so that the counts of the mapping may be shown. */
export function seesAll(access: Access, idColumns: number): boolean {
  return access.everyUser && carriers(access).reduce((sum, carrier) => sum + carrier.columns.length, 0) === idColumns
}

/** Values that join nobody, the newest first, as far as a visible row has them. `idColumns` is how many ID columns there are at all. */
export async function listRefusedJoins(db: Db, access: Access, options: { reason: RefusedReason | null; after: RefusedPlace | null; limit: number; idColumns: number; timeZone: string }): Promise<RefusedJoin[]> {
  const conditions = [sql`true`]
  if (options.reason) conditions.push(sql`j.reason = ${options.reason}`)
  if (options.after) conditions.push(sql`(j.since, j.id_type, j.match_key) < (${options.after.since}::timestamptz, ${options.after.idType}::smallint, ${options.after.key}::uuid)`)
  if (!seesAll(access, options.idColumns)) conditions.push(isSeen(new Scope(access, options.timeZone), carriers(access)))
  return read(db, sql`where ${sql.join(conditions, sql` and `)} order by j.since desc, j.id_type desc, j.match_key desc limit ${options.limit}`)
}

export async function findRefusedJoin(db: Db, access: Access, key: RefusedKey, options: { idColumns: number; timeZone: string }): Promise<RefusedJoin | undefined> {
  const seen = seesAll(access, options.idColumns) ? sql`true` : isSeen(new Scope(access, options.timeZone), carriers(access))
  return (await read(db, sql`where j.id_type = ${key.idType} and j.match_key = ${key.key}::uuid and ${seen}`))[0]
}

async function read(db: Db, rest: Sql): Promise<RefusedJoin[]> {
  const { rows } = await sql<{ idType: number; key: string; reason: RefusedReason; conflictType: number | null; rows: string; since: Date; sinceText: string }>`
    select j.id_type as "idType", j.match_key as key, j.reason, j.conflict_type as "conflictType", j.row_count as rows, j.since, j.since::text as "sinceText" from refused_joins j ${rest}`.execute(db)
  return rows.map((row) => ({ ...row, rows: Number(row.rows) }))
}

function isSeen(scope: Scope, all: readonly Carrier[]): Sql {
  const ways = all.map((carrier) => sql`exists (select from ${identities(scope, carrier, sql`i.match_key = j.match_key and i.id_type = j.id_type`)})`)
  return ways.length ? sql`(${sql.join(ways, sql` or `)})` : sql`false`
}

/** How many refused values of each reason are there? Only told where every one of them is visible. */
export async function countRefusedJoins(db: Db, access: Access, idColumns: number): Promise<Record<RefusedReason, number> | undefined> {
  if (!seesAll(access, idColumns)) return undefined
  const rows = await db.selectFrom('refused_joins').select(['reason', sql<string>`count(*)`.as('count')]).groupBy('reason').execute()
  const count = (reason: RefusedReason) => Number(rows.find((row) => row.reason === reason)?.count ?? 0)
  return { single_conflict: count('single_conflict'), shared: count('shared'), placeholder: count('placeholder') }
}

export interface Sample extends RefusedKey { value: string; columnId: number; sourceId: number; seen: number }

/** One visible cell for each value, and how many visible rows have it, counted up to `most`: what a value looked like before it became a key. */
export async function listSamples(db: Db, access: Access, keys: readonly RefusedKey[], options: { most: number; timeZone: string }): Promise<Sample[]> {
  const scope = new Scope(access, options.timeZone)
  const parts = carriers(access).map((carrier) => sql`
    select k.id_type as "idType", k.match_key as key, s.value, s.column_id as "columnId", ${carrier.source.id}::int as "sourceId", s.seen from wanted k cross join lateral (
      select (array_agg(c.value order by array_position(${carrier.columns.map((column) => column.id)}::int[], c.column_id)))[1] as value,
        (array_agg(c.column_id order by array_position(${carrier.columns.map((column) => column.id)}::int[], c.column_id)))[1] as column_id, count(distinct c.row_number)::int as seen
      from (select i.row_number, i.column_id, ${cellOf(carrier.columns)} as value from ${identities(scope, carrier, sql`i.match_key = k.match_key and i.id_type = k.id_type`)} limit ${options.most}) c
    ) s where s.seen > 0`)
  if (parts.length === 0 || keys.length === 0) return []
  const { rows } = await sql<Sample>`
    with wanted as (select * from unnest(${keys.map((one) => one.idType)}::smallint[], ${keys.map((one) => one.key)}::uuid[]) w (id_type, match_key)) ${sql.join(parts, sql` union all `)}`.execute(db)
  return rows
}

export interface BehindRow { rowNumber: string; sourceId: number; sourceKey: string | null; columnId: number; value: string; userId: string; rowTime: Date }

/** The key of a row is a cell of its key column, and shown only where that column is. */
function sourceKeyOf(source: VisibleSource): Sql {
  const column = source.columns.find((candidate) => candidate.name === source.keyColumn)
  return column && !column.masked ? sql`r.source_key` : sql`null::text`
}

/** The visible rows that carry a value, in the order of their arrival, after `after`. */
export async function listRowsBehind(db: Db, access: Access, key: RefusedKey, options: { after: string; limit: number; timeZone: string }): Promise<BehindRow[]> {
  const scope = new Scope(access, options.timeZone)
  const parts = carriers(access).map((carrier) => sql`
    (select distinct on (i.row_number) i.row_number as "rowNumber", ${carrier.source.id}::int as "sourceId", ${sourceKeyOf(carrier.source)} as "sourceKey", i.column_id as "columnId", ${cellOf(carrier.columns)} as value, r.row_time as "rowTime"
    from ${identities(scope, carrier, sql`i.match_key = ${key.key}::uuid and i.id_type = ${key.idType} and i.row_number > ${options.after}::bigint`)}
    order by i.row_number, array_position(${carrier.columns.map((column) => column.id)}::int[], i.column_id) limit ${options.limit})`)
  if (parts.length === 0) return []
  const { rows } = await sql<BehindRow>`
    select b.*, coalesce(a.user_id, b."rowNumber") as "userId" from (${sql.join(parts, sql` union all `)}) b left join row_aliases a on a.row_number = b."rowNumber" order by b."rowNumber" limit ${options.limit}`.execute(db)
  return rows
}

/** Names of users, where the operator may see the attribute at all. */
export async function listNames(db: Db, access: Access, userIds: readonly string[]): Promise<Map<string, string>> {
  const name = access.attribute('name')
  if (!name || name.masked || userIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; name: string }>`
    select u.user_id as id, u.${sql.ref(name.column)} as name from ${sql.table(access.usersTable)} u where u.user_id = any (${userIds}::bigint[]) and u.${sql.ref(name.column)} is not null`.execute(db)
  return new Map(rows.map((row) => [row.id, row.name]))
}
