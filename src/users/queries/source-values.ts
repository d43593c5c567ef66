import { sql } from 'kysely'
import type { Access, VisibleAttribute, VisibleColumn, VisibleSource } from '../../access/access.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Field } from '../../conditions/field.ts'
import type { Db } from '../../db/database.ts'
import type { Sql } from '../../db/sql.ts'
import { feeding } from '../../projection/effective-sql.ts'
import type { Cell } from './list.ts'
import { read, shown } from './profile.ts'
import { passesRow } from './row-condition.ts'
import { liveRows, Scope } from './scope.ts'

/** What the sources alone say of a field now. Where the operator may not see which one does, `source` and `run` are null. */
export interface SourceValue { value: Cell; source: string | null; run: { id: number; at: Date } | null }

type Row = { ref: string; value: unknown; source: number | null; run: number | null; at: Date | null }

/** What do the sources say now of these fields of a user, where they say anything: by reference. Fields are open to the operator. */
export async function listSourceValues(db: Db, access: Access, catalog: Catalog, timeZone: string, userId: string, fields: readonly Field[]): Promise<Map<string, SourceValue>> {
  const scope = new Scope(access, timeZone)
  const parts = fields.flatMap((field) => (field.tag ? tagPart(scope, field.ref, field.tag, userId) : field.attribute ? attributeParts(scope, catalog, field.ref, field.attribute, userId) : []))
  if (parts.length === 0) return new Map()
  const { rows } = await sql<Row>`
    select x.ref, x.value, case when x.named then x.source_id end as source, n.id as run, n.created_at as at
    from (${sql.join(parts, sql` union all `)}) x left join import_runs n on n.id = x.run_id and x.named`.execute(db)
  return new Map(rows.map((row) => [row.ref, {
    value: read(fields.find((field) => field.ref === row.ref)!.type, false, row.value), source: access.sources.find((source) => source.id === row.source)?.alias ?? null,
    run: row.run === null ? null : { id: row.run, at: row.at! }
  }]))
}

/** A cell of the rows `r` of the user `u` in a source, the winning one first. */
function cells(scope: Scope, rowsTable: string, userId: string): Sql {
  return sql`from ${sql.table(scope.access.usersTable)} u join ${sql.table(rowsTable)} r on r.row_number = any (${liveRows}) where u.user_id = ${userId}::bigint`
}

function tagPart(scope: Scope, ref: string, { source, column }: { source: VisibleSource; column: VisibleColumn }, userId: string): Sql[] {
  const value = sql.ref(`r.${column.column}`)
  return [sql`(select ${ref}::text as ref, to_jsonb(${shown(column.type, false, value)}) as value, true as named, ${source.id}::int as source_id, r.run_id
    ${cells(scope, source.rowsTable!, userId)} and ${value} is not null and ${passesRow(scope, source)} order by r.row_time desc, r.row_number desc limit 1)`]
}

/** An attribute is granted by itself, whatever source it comes from; that source is named only where its row may be seen. */
function attributeParts(scope: Scope, catalog: Catalog, ref: string, attribute: VisibleAttribute, userId: string): Sql[] {
  const candidates = catalog.sources.flatMap((source) => {
    const column = source.rowsTable && feeding(source, attribute)
    if (!column) return []
    const visible = scope.access.source(source.id)
    const place = attribute.sourceOrder.indexOf(source.id)
    const value = sql.ref(`r.${column.column}`)
    const time = source.updateTimeColumn === null ? sql.ref(`r.${column.column}_at`) : sql`r.row_time`
    return [sql`(select to_jsonb(${shown(attribute.type, false, value)}) as value, ${visible ? passesRow(scope, visible) : sql`false`} as named, ${source.id}::int as source_id, r.run_id,
      ${time} as at, r.row_number, ${place < 0 ? 100_000 : place}::int as place ${cells(scope, source.rowsTable!, userId)} and ${value} is not null order by ${time} desc, r.row_number desc limit 1)`]
  })
  if (candidates.length === 0) return []
  const order = { latest: sql`at desc, row_number desc`, earliest: sql`at, row_number`, order: sql`place, source_id` }[attribute.rule]
  return [sql`(select ${ref}::text as ref, value, named, source_id, run_id from (${sql.join(candidates, sql` union all `)}) c order by ${order} limit 1)`]
}
