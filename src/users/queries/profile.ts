import { sql } from 'kysely'
import type { Access, VisibleColumn, VisibleSource } from '../../access/access.ts'
import type { Field } from '../../conditions/field.ts'
import type { Db } from '../../db/database.ts'
import type { Sql } from '../../db/sql.ts'
import { byNumber, isRowNumber } from './identity.ts'
import type { Cell } from './list.ts'
import { masked } from './mask.ts'
import { passesRow } from './row-condition.ts'
import { allRowsPass, initialSource, isVisible, Scope } from './scope.ts'

export interface TagValue { source: VisibleSource; column: VisibleColumn; value: Cell }
export interface UserFacts { id: string; createdAt: Date; sourceId: number | null; attributes: Cell[]; tags: TagValue[] }

type Row = { id: string; created_at: Date; source_id: number | null; attributes: Record<string, string | null> } & Record<string, unknown>

/** Everything the profile shows of the user that holds this number now; undefined where there is none to be seen. */
export async function findUser(db: Db, access: Access, timeZone: string, number: string): Promise<UserFacts | undefined> {
  if (!isRowNumber(number)) return undefined
  const scope = new Scope(access, timeZone, await listWholeSources(db, access, timeZone, number))
  const attributes = access.attributes.map((attribute): Field => ({ ref: `attribute:${attribute.code}`, label: attribute.name, type: attribute.type, masked: attribute.masked, attribute }))
  const sources = access.sources.map((source) => ({ source, columns: source.columns.filter((column) => column.kind === 'tag') })).filter(({ columns }) => columns.length > 0)
  const documents = [
    sql`(select row_to_json(x) from (select ${list(attributes.map((field) => sql`${shown(field.type, field.masked, scope.value(field))} as ${sql.ref(field.attribute!.column)}`))}) x) as attributes`,
    ...sources.map(({ source, columns }) => sql`(select row_to_json(x) from (select ${list(columns.map((column) => sql`${shown(column.type, column.masked, scope.tag(source, column))} as ${sql.ref(column.column)}`))}) x) as ${sql.ref(`tags${source.id}`)}`)
  ]
  const where = sql`u.user_id in (${sql.join(byNumber(scope, [number]), sql` union all `)}) and ${isVisible(scope)}`
  const { rows } = await sql<Row>`select u.user_id as id, u.created_at, ${initialSource(scope)} as source_id, ${sql.join(documents)} from ${scope.from()} where ${where}`.execute(db)
  const row = rows[0]
  if (!row) return undefined
  return {
    id: row.id, createdAt: row.created_at, sourceId: row.source_id,
    attributes: attributes.map((field) => read(field.type, field.masked, row.attributes[field.attribute!.column])),
    tags: sources.flatMap(({ source, columns }) => {
      const values = row[`tags${source.id}`] as Record<string, unknown>
      return columns.map((column) => ({ source, column, value: read(column.type, column.masked, values[column.column]) }))
    })
  }
}

/** Sources of which this operator sees every row of a user, though not of everybody: what their tables say need not be put together from rows. */
async function listWholeSources(db: Db, access: Access, timeZone: string, userId: string): Promise<ReadonlySet<number>> {
  const sources = access.sources.filter((source) => source.rowCondition !== null)
  if (sources.length === 0) return new Set()
  const scope = new Scope(access, timeZone)
  const passing = sources.map((source) => sql`${allRowsPass(scope, source)} as ${sql.ref(`s${source.id}`)}`)
  const { rows } = await sql<Record<string, boolean>>`select ${sql.join(passing)} from ${sql.table(access.usersTable)} u where u.user_id = ${userId}::bigint`.execute(db)
  return new Set(sources.filter((source) => rows[0]?.[`s${source.id}`]).map((source) => source.id))
}

function list(columns: Sql[]): Sql {
  return columns.length ? sql.join(columns) : sql`null as none`
}

/** Numbers pass as text: JSON would round them. */
export function shown(type: Field['type'], isMasked: boolean, value: Sql): Sql {
  if (isMasked) return masked(type, value)
  return type === 'number' ? sql`${value}::text` : value
}

/** A value that passed through JSON. */
export function read(type: Field['type'], isMasked: boolean, value: unknown): Cell {
  if (value === null || value === undefined) return null
  return type === 'time' && !isMasked ? new Date(value as string) : (value as Cell)
}

export interface UserRow { sourceId: number; rowNumber: string; sourceKey: string | null; createdAt: Date; rowTime: Date }

/** The source rows of a user that this operator sees, oldest first. The source key is shown where its column is. */
export async function listUserRows(db: Db, access: Access, timeZone: string, userId: string, limit: number): Promise<UserRow[]> {
  const scope = new Scope(access, timeZone)
  const parts = access.sources.map((source) => {
    const key = source.columns.find((column) => column.name === source.keyColumn)
    const users = source.rowCondition ? sql`join ${sql.table(access.usersTable)} u on u.user_id = ${userId}::bigint` : sql``
    return sql`
      select ${source.id}::int as "sourceId", r.row_number as "rowNumber", ${key && !key.masked ? sql`r.source_key` : sql`null::text`} as "sourceKey", r.created_at as "createdAt", r.row_time as "rowTime"
      from held h join ${sql.table(source.rowsTable!)} r on r.row_number = h.row_number ${users} where ${passesRow(scope, source)}`
  })
  if (parts.length === 0) return []
  const { rows } = await sql<UserRow>`
    with held as (select ${userId}::bigint as row_number union all select a.row_number from row_aliases a where a.user_id = ${userId}::bigint)
    select * from (${sql.join(parts, sql` union all `)}) all_rows order by "rowNumber" limit ${limit}`.execute(db)
  return rows
}

export interface JoiningValue { rowNumber: string; idType: number; matchKey: string; columnId: number }

/** The values by which these rows may have been joined: of types that take part, not refused and not excluded, in visible columns. */
export async function listJoiningValues(db: Db, access: Access, rowNumbers: string[]): Promise<JoiningValue[]> {
  const types = access.idTypes.filter((type) => type.enabled && type.mapping)
  const parts = access.sources.filter((source) => source.identitiesTable).map((source) => {
    const columns = source.columns.filter((column) => column.kind === 'id' && types.some((type) => type.code === column.idType))
    return sql`select i.row_number as "rowNumber", i.id_type as "idType", i.match_key as "matchKey", i.column_id as "columnId" from ${sql.table(source.identitiesTable!)} i
      where i.row_number = any (${rowNumbers}::bigint[]) and i.column_id = any (${columns.map((column) => column.id)}::int[])`
  })
  if (parts.length === 0 || rowNumbers.length === 0) return []
  const { rows } = await sql<JoiningValue>`
    select v.* from (${sql.join(parts, sql` union all `)}) v
    where v."idType" = any (${types.map((type) => type.id)}::smallint[])
      and not exists (select from refused_joins f where f.id_type = v."idType" and f.match_key = v."matchKey")
      and not exists (select from mapping_exceptions e where e.id_type = v."idType" and e.kind = 'exclude' and (e.match_key = v."matchKey" or e.match_key in (select h.sha_key from plain_hashes h where h.id_type = v."idType" and h.match_key = v."matchKey")))`.execute(db)
  return rows
}

export interface GoneRow { rowNumber: string; sourceId: number; alias: string | null; removedAt: Date; runId: number | null; reason: string }

/** A row number that leads to nobody any more: what became of its row and of those that took over from it. */
export async function listGoneRows(db: Db, number: string): Promise<GoneRow[]> {
  if (!isRowNumber(number)) return []
  const { rows } = await sql<GoneRow>`
    with recursive chain (n) as (select ${number}::bigint union select r.anchor from chain join removed_rows r on r.row_number = chain.n where r.anchor is not null)
    select r.row_number as "rowNumber", r.source_id as "sourceId", s.alias, r.removed_at as "removedAt", r.run_id as "runId", r.reason
    from chain join removed_rows r on r.row_number = chain.n left join sources s on s.id = r.source_id order by r.removed_at`.execute(db)
  return rows
}
