import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import { fieldOfAttribute, fieldOfTag, type Field } from '../../conditions/field.ts'
import type { Sql } from '../../db/sql.ts'

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
  const field = sql.ref(column)
  const types = sql.join(fields.map(({ id, type }) => sql`(${sql.lit(id)}, ${sql.lit(type)})`))
  // Per row number the latest decision that was not undone counts.
  const current = sql`
    select case when r.row_number is null then coalesce(a.user_id, o.row_number) else user_of(o.row_number) end as user_id, o.${field}, o.id
    from (select distinct on (row_number, ${field}) row_number, ${field}, id, policy, ended_by_run from overrides
      where undone_by is null and ${field} in (${sql.join(fields.map(({ id }) => sql.lit(id)))}) and (${field}, type) in (${types}) order by row_number, ${field}, id desc) o
    left join row_aliases a on a.row_number = o.row_number left join removed_rows r on r.row_number = o.row_number
    where o.policy <> 'source' and o.ended_by_run is null`
  if (!moved) return [sql`select c.user_id from (${current}) c`]
  // Where several meet in one user, only the latest shows.
  return [sql`select s.user_id from (select distinct on (user_id, ${field}) user_id, id from (${current}) c order by user_id, ${field}, id desc) s join override_drift f on f.override_id = s.id`]
}
