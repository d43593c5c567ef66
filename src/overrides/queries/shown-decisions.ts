import { sql } from 'kysely'
import type { Stored } from '../../catalog/target.ts'
import type { Db, OverridePolicy } from '../../db/database.ts'
import { scopeOf } from '../../projection/in-act.ts'
import { heldNumbers } from '../../projection/overrides-sql.ts'

/** Attributes and tags by their ids, with the type that their decisions must have. */
export interface DecidableFields { attributes: readonly { id: number; type: string }[]; columns: readonly { id: number; type: string }[] }

export interface ShownDecision {
  id: string; userId: string
  /** Column of the field in the projection: a<id> of an attribute, c<id> of a tag. */
  column: string
  value: Stored; policy: OverridePolicy; operator: string | null; setAt: Date
  /** What the sources said when it was made. */
  sourceValue: Stored
  /** Whether they say something else now. */
  moved: boolean
}

/** Which hand-set value does each of these fields show, for each of these users? Fields and users without one are not in the answer. */
export async function listShownDecisions(db: Db, users: readonly string[], fields: DecidableFields): Promise<ShownDecision[]> {
  if (users.length === 0 || fields.attributes.length + fields.columns.length === 0) return []
  const { rows } = await sql<ShownDecision>`
    select d.id, d.user_id as "userId", coalesce('c' || d.column_id, 'a' || d.attribute_id) as "column", d.value, d.policy, p.name as operator, d.set_at as "setAt",
      d.source_value as "sourceValue", f.override_id is not null as moved
    from (select distinct on (user_id, column_id, attribute_id) * from (
      select distinct on (o.row_number, o.column_id, o.attribute_id) h.user_id, o.*
      from ${sql.raw(heldNumbers(scopeOf(users)))} h join overrides o on o.row_number = h.n where o.undone_by is null and ${among(fields)}
      order by o.row_number, o.column_id, o.attribute_id, o.id desc) latest
      where policy <> 'source' and ended_by_run is null order by user_id, column_id, attribute_id, id desc) d
    left join override_drift f on f.override_id = d.id left join operators p on p.id = d.operator_id`.execute(db)
  return rows
}

function among({ attributes, columns }: DecidableFields) {
  const pairs = (fields: readonly { id: number; type: string }[]) => sql`(select * from unnest(${fields.map((field) => field.id)}::int[], ${fields.map((field) => field.type)}::text[]))`
  return sql`((o.column_id, o.type) in ${pairs(columns)} or (o.attribute_id, o.type) in ${pairs(attributes)})`
}

export interface LastAct { what: 'set' | 'returned' | 'ended' | 'undone'; operator: string | null; at: Date }

/** What was done last about one field of a user, by whom and when? Also where it was taken back or given back to the source. */
export async function findLastAct(db: Db, userId: string, field: { attributeId: number | null; columnId: number | null }): Promise<LastAct | undefined> {
  const { rows } = await sql<LastAct>`
    select case when o.undone_by is not null then 'undone' when o.ended_by_run is not null then 'ended' when o.policy = 'source' then 'returned' else 'set' end as what,
      case when o.undone_by is not null then e.operator_name when o.ended_by_run is null then p.name end as operator, coalesce(e.at, o.set_at) as at
    from ${sql.raw(heldNumbers(scopeOf([userId])))} h join overrides o on o.row_number = h.n
    left join history_entries e on e.id = o.undone_by left join operators p on p.id = o.operator_id
    where o.column_id is not distinct from ${field.columnId}::int and o.attribute_id is not distinct from ${field.attributeId}::int
    order by coalesce(e.at, o.set_at) desc limit 1`.execute(db)
  return rows[0]
}
