import type { Attribute, CatalogColumn } from '../catalog/catalog.ts'

type Field = Pick<CatalogColumn, 'type'> | Pick<Attribute, 'type'>

/** SQL that answers, per user, the hand-set values of one source's tags (or of attributes: null) as one JSON document keyed by column. */
export function overrideDocuments(sourceId: number | null, fields: readonly { id: number; type: string }[], scope: string | null): string {
  // A value set before the column's type changed no longer fits it: it is kept, and counts again if the type comes back.
  const fitting = fields.length ? `(${sourceId === null ? 'o.attribute_id' : 'o.column_id'}, o.type) in (${fields.map((one) => `(${one.id}, '${one.type}')`).join(', ')})` : 'false'
  const which = sourceId === null ? fitting : `o.source_id = ${sourceId} and ${fitting}`
  const field = sourceId === null ? `'a' || o.attribute_id` : `'c' || o.column_id`
  return `select user_id, jsonb_object_agg(field, value) as doc from (
    select distinct on (user_id, field) user_id, field, coalesce(value, 'null'::jsonb) as value from (
      select case when r.row_number is null then coalesce(a.user_id, o.row_number) else user_of(o.row_number) end as user_id, ${field} as field, o.value, o.set_at, o.id
      from overrides o left join row_aliases a on a.row_number = o.row_number left join removed_rows r on r.row_number = o.row_number
      where o.ended_at is null and ${which}
    ) d where user_id is not null${scope ? ` and user_id in (select user_id from ${scope})` : ''}
    order by user_id, field, set_at desc, id desc
  ) latest group by user_id`
}

/** The value of a field: set by hand where the document has it (empty by hand too), else the imported one. */
export function effectiveValue(field: Field, column: string, imported: string): string {
  return `case when o.doc ? '${column}' then ${fromDocument(field, `o.doc -> '${column}'`)} else ${imported} end`
}

function fromDocument(field: Field, value: string): string {
  const text = `(${value} #>> '{}')`
  switch (field.type) {
    case 'number': return `case when pg_input_is_valid(${text}, 'numeric') then ${text}::numeric end`
    case 'time': return `case when pg_input_is_valid(${text}, 'timestamptz') then ${text}::timestamptz end`
    case 'date': return `case when pg_input_is_valid(${text}, 'date') then ${text}::date end`
    case 'multi': return `case when jsonb_typeof(${value}) = 'array' then array(select jsonb_array_elements_text(case when jsonb_typeof(${value}) = 'array' then ${value} else '[]'::jsonb end)) end`
    default: return text
  }
}
