import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import { fieldOfAttribute, fieldOfTag, type Field } from '../../conditions/field.ts'
import type { Sql } from '../../db/sql.ts'
import { heldNumbers, isCurrent } from './scope.ts'

/** The fields that "any value" speaks of: those this operator sees unmasked, of one source or of all. */
export function fieldsBy(access: Access, sourceId: number | null): Field[] {
  const fedBy = (code: string) => sourceId === null || access.source(sourceId)?.columns.some((column) => column.kind === 'attribute' && column.attribute === code)
  return [
    ...access.attributes.filter((attribute) => fedBy(attribute.code)).map(fieldOfAttribute),
    ...access.tags.filter(({ source }) => sourceId === null || source.id === sourceId).map(fieldOfTag)
  ].filter((field) => !field.masked)
}

/**
 * The user `u` shows a hand-set value in one of these fields; with `moved`, one whose source has changed since. Asked from
 * the decisions, which are few, by the index of their column. Where rows of a source are hidden, it is not told what became of them.
 */
export function isHandSet(fields: readonly Field[], moved: boolean): Sql {
  const told = moved ? fields.filter((field) => !field.tag?.source.rowCondition) : fields
  const parts = [
    decided('attribute_id', told.flatMap((field) => field.attribute ?? []), moved),
    decided('column_id', told.flatMap((field) => field.tag?.column ?? []), moved)
  ].flat()
  return parts.length ? sql`u.user_id in (${sql.join(parts, sql` union all `)})` : sql`false`
}

function decided(column: 'attribute_id' | 'column_id', fields: readonly { id: number; type: string }[], moved: boolean): Sql[] {
  if (fields.length === 0) return []
  const among = sql.join([...Map.groupBy(fields, (field) => field.type)].map(([type, same]) => sql`(o.type = ${sql.lit(type)} and ${sql.ref(`o.${column}`)} in (${sql.join(same.map(({ id }) => sql.lit(id)))}))`), sql` or `)
  const user = sql`
    select case when r.row_number is null then coalesce(a.user_id, o.row_number) else user_of(o.row_number) end as user_id, o.${sql.ref(column)} as field, o.type, o.id
    from ${moved ? sql`override_drift f join overrides o on o.id = f.override_id` : sql`overrides o`} left join row_aliases a on a.row_number = o.row_number left join removed_rows r on r.row_number = o.row_number
    where ${isCurrent(column, 'o')} and (${among})`
  if (!moved) return [sql`select c.user_id from (${user}) c`]
  // Where several decisions meet in one user, only the latest shows.
  return [sql`select u.user_id from (${user}) u where not exists (select from unnest(${heldNumbers}) h (n) join overrides s on s.row_number = h.n where ${sql.ref(`s.${column}`)} = u.field and s.type = u.type and s.id > u.id and ${isCurrent(column, 's')})`]
}
