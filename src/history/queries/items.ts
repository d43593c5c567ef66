import { sql } from 'kysely'
import { maskedWhole } from '../../access/mask.ts'
import type { Db } from '../../db/database.ts'
import type { Sql } from '../../db/sql.ts'
import { holderOf } from './holder.ts'
import { seesUser, type Reader } from './visible.ts'

/** One change of an entry. Values are as they are kept; those of a masked field say only that there is one. */
export interface ItemRow {
  entryId: string
  /** Where it stands in its entry. */
  place: string
  userId: string | null
  /** Of the tag or attribute that it is about; null for settings. */
  ref: string | null
  table: string; column: string; field: string | null
  before: unknown; after: unknown
  /** Of a decision: 'keep', 'until_import', or 'source' for a return. */
  policy: string | null
}

/** Changes of these entries that this operator may see, of these row numbers alone where they are given. */
export async function listItems(db: Db, reader: Reader, entryIds: readonly string[], options: { numbers?: readonly string[]; after?: string; limit: number }): Promise<ItemRow[]> {
  if (entryIds.length === 0) return []
  const { after = 'd0', limit } = options
  const decided = after.startsWith('d') ? await listDecided(db, reader, entryIds, { ...options, after: after.slice(1) }) : []
  if (decided.length >= limit) return decided
  return [...decided, ...await listWritten(db, reader, entryIds, { ...options, after: after.startsWith('i') ? after.slice(1) : '0', limit: limit - decided.length })]
}

/** A place in the items of an entry, or undefined for anything else. */
export function readItemPlace(text: string): string | undefined {
  return /^[di]\d{1,18}$/.test(text) ? text : undefined
}

interface Part { numbers?: readonly string[]; after: string; limit: number }

/** Decisions are the items of their entry. */
async function listDecided(db: Db, reader: Reader, entryIds: readonly string[], { numbers, after, limit }: Part): Promise<ItemRow[]> {
  const { everything, fields } = reader.sight
  const ref = sql`case when o.column_id is not null then 'tag:' || o.column_id else 'attribute:' || coalesce(a.code, o.attribute_id::text) end`
  const conditions = [
    ofEntries(sql`o.entry_id`, entryIds), sql`o.id > ${after}::bigint`, seesUser(reader, sql`o.row_number`),
    ...(numbers ? [sql`o.row_number = any (${numbers}::bigint[])`] : []), ...(everything ? [] : [sql`${ref} = any (${fields}::text[])`])
  ]
  const { rows } = await sql<ItemRow>`
    select o.entry_id as "entryId", 'd' || o.id as place, ${holderOf(sql`o.row_number`)} as "userId", ${ref} as ref, 'overrides' as "table", 'value' as "column", null as field, o.policy,
      ${shown(reader, ref, sql`o.former`)} as before, ${shown(reader, ref, sql`case when o.policy = 'source' then o.source_value else o.value end`)} as after
    from overrides o left join attributes a on a.id = o.attribute_id where ${sql.join(conditions, sql` and `)} order by o.id limit ${limit}`.execute(db)
  return rows
}

/** Of one entry, so that an index answers them in order, however many there are. */
function ofEntries(column: Sql, ids: readonly string[]): Sql {
  return ids.length === 1 ? sql`${column} = ${ids[0]}::bigint` : sql`${column} = any (${ids}::bigint[])`
}

async function listWritten(db: Db, reader: Reader, entryIds: readonly string[], { numbers, after, limit }: Part): Promise<ItemRow[]> {
  const ref = sql`case when i.field like 'tag:%' or i.field like 'attribute:%' then i.field end`
  const conditions = [
    ofEntries(sql`i.entry_id`, entryIds), sql`i.item > ${after}::int`, sql`(i.row_number is null or ${seesUser(reader, sql`i.row_number`)})`,
    ...(numbers ? [sql`i.row_number = any (${numbers}::bigint[])`] : []), ...(reader.sight.everything ? [] : [seesItem(reader, ref)])
  ]
  const { rows } = await sql<ItemRow>`
    select i.entry_id as "entryId", 'i' || i.item as place, ${holderOf(sql`i.row_number`)} as "userId", ${ref} as ref, i.table_name as "table", i.column_name as "column", i.field, null as policy,
      ${shown(reader, ref, sql`i.old_value`)} as before, ${shown(reader, ref, sql`i.new_value`)} as after
    from history_items i join history_entries e on e.id = i.entry_id where ${sql.join(conditions, sql` and `)} order by i.entry_id desc, i.item limit ${limit}`.execute(db)
  return rows
}

/** Items about a tag or attribute follow its grant, those of a source those of its columns; of settings only the kinds that name nothing of a source. */
function seesItem({ sight, access }: Reader, ref: Sql): Sql {
  const columns = access.sources.flatMap((source) => source.columns.map((column) => `${source.id} ${column.name}`))
  const attributes = access.attributes.map((attribute) => attribute.code)
  // A condition names values of columns and attributes, each of which may be hidden.
  return sql`(case when i.table_name = 'row_conditions' then false when ${ref} is not null then ${ref} = any (${sight.fields}::text[])
    when e.source_id is not null then i.column_name = '' or e.source_id || ' ' || i.column_name = any (${columns}::text[])
    when i.table_name = 'attributes' then i.column_name = any (${attributes}::text[])
    else i.table_name in ('settings', 'id_types', 'tag_groups', 'operators', 'exports', 'roles') end)`
}

/** A value as this operator may see it: of a masked field only that there is one, made here so that the value itself is never read. */
function shown({ access }: Reader, ref: Sql, value: Sql): Sql {
  const masked = [...access.attributes.filter((attribute) => attribute.masked).map(({ code }) => `attribute:${code}`), ...access.tags.filter(({ column }) => column.masked).map(({ column }) => `tag:${column.id}`)]
  return masked.length ? sql`case when ${ref} = any (${masked}::text[]) then case when ${value} is not null and ${value} <> 'null'::jsonb then to_jsonb(${maskedWhole}::text) end else ${value} end` : value
}
