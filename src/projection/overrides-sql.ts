import type { Attribute, CatalogColumn } from '../catalog/catalog.ts'
import type { DecidedFields } from '../catalog/target.ts'

type Typed = Pick<CatalogColumn, 'type'> | Pick<Attribute, 'type'>

/** Decisions about these fields that were not undone. One made before the type of its column changed no longer fits: it is kept, and counts again if the type comes back. */
function standing({ sourceId, fields }: DecidedFields): string {
  const field = sourceId === null ? 'attribute_id' : 'column_id'
  if (fields.length === 0) return 'false'
  return `o.undone_by is null and o.${field} in (${fields.map((one) => one.id).join(', ')}) and (o.${field}, o.type) in (${fields.map((one) => `(${one.id}, '${one.type}')`).join(', ')})`
}

/** SQL (user_id, n): every row number that leads to a user of the table `scope` now, those of removed rows included. */
export function heldNumbers(scope: string): string {
  return `(with recursive live (user_id) as (
      select s.user_id from ${scope} s where not exists (select from row_aliases a where a.row_number = s.user_id) and not exists (select from removed_rows r where r.row_number = s.user_id)
    ), held (user_id, n) as (
      select user_id, n from (select user_id, user_id as n from live union all select a.user_id, a.row_number from live l join row_aliases a on a.user_id = l.user_id) own
      union select h.user_id, r.row_number from held h join removed_rows r on r.anchor = h.n
    ) select user_id, n from held)`
}

/** SQL (user_id, o.*): every standing decision with the user that holds its row number now. `scope` names a table of users; null: everybody. */
export function standingDecisions(which: DecidedFields, scope: string | null): string {
  return scope
    ? `(select h.user_id, o.* from ${heldNumbers(scope)} h join overrides o on o.row_number = h.n where ${standing(which)})`
    : `(select case when r.row_number is null then coalesce(a.user_id, o.row_number) else user_of(o.row_number) end as user_id, o.*
       from overrides o left join row_aliases a on a.row_number = o.row_number left join removed_rows r on r.row_number = o.row_number where ${standing(which)})`
}

/** Of standing decisions: those that put a value there, and were not ended by a run. */
export const givesValue = `policy <> 'source' and ended_by_run is null and user_id is not null`

/** SQL (user_id, o.*): per row number and field the latest standing decision, unless that one gave the value back to the source or a run ended it. */
export function currentDecisions(which: DecidedFields, scope: string | null): string {
  const field = which.sourceId === null ? 'attribute_id' : 'column_id'
  return `(select * from (select distinct on (d.row_number, d.${field}) d.* from ${standingDecisions(which, scope)} d order by d.row_number, d.${field}, d.id desc) latest where ${givesValue})`
}

/** SQL (user_id, doc): the hand-set values that show, as one JSON document keyed by column. Where several decisions meet in one user, the latest shows. */
export function overrideDocuments(which: DecidedFields, scope: string | null): string {
  const field = which.sourceId === null ? `'a' || attribute_id` : `'c' || column_id`
  return `select user_id, jsonb_object_agg(field, value) as doc from (
    select distinct on (user_id, field) user_id, ${field} as field, coalesce(value, 'null'::jsonb) as value from ${currentDecisions(which, scope)} c order by user_id, field, id desc
  ) shown group by user_id`
}

/** The value of a field: set by hand where the document has it (empty by hand too), else the imported one. */
export function effectiveValue(field: Typed, column: string, imported: string): string {
  return `case when o.doc ? '${column}' then ${fromStored(field, `o.doc -> '${column}'`)} else ${imported} end`
}

/** SQL: a stored value (jsonb) as a value of the type of its column; null where it does not fit. */
export function fromStored(field: Typed, value: string): string {
  const text = `(${value} #>> '{}')`
  switch (field.type) {
    case 'number': return `case when pg_input_is_valid(${text}, 'numeric') then ${text}::numeric end`
    case 'time': return `case when pg_input_is_valid(${text}, 'timestamptz') then ${text}::timestamptz end`
    case 'date': return `case when pg_input_is_valid(${text}, 'date') then ${text}::date end`
    case 'multi': return `case when jsonb_typeof(${value}) = 'array' then array(select jsonb_array_elements_text(case when jsonb_typeof(${value}) = 'array' then ${value} else '[]'::jsonb end)) end`
    default: return text
  }
}

/** SQL: a value as it is stored (jsonb), written so that equal values are equal texts; null for an empty one. */
export function toStored(field: Typed, value: string): string {
  switch (field.type) {
    case 'number': return `to_jsonb(trim_scale(${value})::text)`
    case 'time': return `to_jsonb(to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))`
    case 'date': return `to_jsonb((${value})::text)`
    case 'multi': return `case when cardinality(${value}) > 0 then to_jsonb(${value}) end`
    default: return `to_jsonb((${value})::text)`
  }
}
