import { sql } from 'kysely'
import type { Access, VisibleColumn, VisibleSource } from '../../access/access.ts'
import type { Field } from '../../conditions/field.ts'
import type { Sql } from '../../db/sql.ts'
import { passesRow } from './row-condition.ts'

/** Rows that belong to the user `u` now. A row number is a row of one source only, so any source may be asked for them. */
export const liveRows: Sql = sql`array(select u.user_id union all select a.row_number from row_aliases a where a.user_id = u.user_id)`

/** Every row number that leads to the user `u`, those of removed rows included: decisions may stand under any of them. */
export const heldNumbers: Sql = sql`array(
  with recursive held (n) as (
    select n from unnest(${liveRows}) l (n)
    union select r.row_number from held join removed_rows r on r.anchor = held.n
  ) select n from held)`

/**
 * What one statement reads about the users `u`: each source whose tags it names is joined once, as s<id>. Values of a
 * source without a row condition stand in its values table; with one they are put together from the rows that pass.
 */
export class Scope {
  readonly access: Access
  /** Of the installation: what a day in a condition means. */
  readonly timeZone: string
  readonly #columns = new Map<VisibleSource, Map<string, VisibleColumn>>()
  readonly #whole: ReadonlySet<number>

  /** `whole`: sources all of whose rows of every user that is asked for pass, so that their values table says what is seen. */
  constructor(access: Access, timeZone: string, whole: ReadonlySet<number> = new Set()) {
    this.access = access
    this.timeZone = timeZone
    this.#whole = whole
  }

  /** The effective value of a field of `u`: typed, null where empty. */
  value(field: Field): Sql {
    if (field.attribute) return sql.ref(`u.${field.attribute.column}`)
    if (!field.tag) throw new Error(`${field.ref} has no column`)
    return this.tag(field.tag.source, field.tag.column)
  }

  tag(source: VisibleSource, column: VisibleColumn): Sql {
    const columns = this.#columns.get(source) ?? new Map<string, VisibleColumn>()
    this.#columns.set(source, columns.set(column.column, column))
    return sql.ref(`s${source.id}.${column.column}`)
  }

  /** The users of the projection with what the values need: to be written after everything that asks for values. */
  from(users: Sql = sql`${sql.table(this.access.usersTable)} u`): Sql {
    const joins = [...this.#columns].map(([source, columns]) => (source.rowCondition && !this.#whole.has(source.id) ? fromPassingRows(this, source, [...columns.values()]) : joinValues(source)))
    return sql`${users} ${sql.join(joins, sql` `)}`
  }
}

function joinValues(source: VisibleSource): Sql {
  const alias = sql.ref(`s${source.id}`)
  return sql`left join ${sql.table(source.valuesTable!)} ${alias} on ${alias}.user_id = u.user_id`
}

/** Whether all rows of `u` in a source with a condition pass it; true where there are none. */
export function allRowsPass(scope: Scope, source: VisibleSource): Sql {
  return sql`coalesce((select count(*) from ${sql.table(source.rowsTable!)} r where r.row_number = any (${liveRows}) and ${passesRow(scope, source)})
    = (select v.row_count from ${sql.table(source.valuesTable!)} v where v.user_id = u.user_id), true)`
}

/**
 * As if failing rows were absent: per column the latest decision, else the non-empty cell of the latest row that passes.
 * Of a user all of whose rows pass, that is what the values table says, and nothing is put together.
 */
function fromPassingRows(scope: Scope, source: VisibleSource, columns: VisibleColumn[]): Sql {
  const alias = sql.ref(`s${source.id}`)
  const whole = sql.ref(`w${source.id}`)
  const passing = sql`coalesce((select count(*) from ${sql.table(source.rowsTable!)} r where r.row_number = any (l.live) and ${passesRow(scope, source)}) = ${whole}.row_count, true)`
  // Each step is closed off, so that what costs is worked out once, and for nobody who does not need it.
  const steps = sql`(
    select p.live, p.passing, case when not p.passing then ${heldNumbers} end as numbers from (
      select l.live, ${passing} as passing from (select ${liveRows} as live offset 0) l offset 0) p offset 0) h`
  const values = columns.map((column) => sql`case when h.passing then ${whole}.${sql.ref(column.column)} else (
    select x.value from (
      (select 0 as rank, ${decided(column)} as value from overrides o where o.column_id = ${column.id} and o.type = ${column.type} and o.row_number = any (h.numbers) and ${isCurrent('column_id', 'o')} order by o.id desc limit 1)
      union all
      (select 1, r.${sql.ref(column.column)} from ${sql.table(source.rowsTable!)} r where r.row_number = any (h.live) and r.${sql.ref(column.column)} is not null and ${passesRow(scope, source)} order by r.row_time desc, r.row_number desc limit 1)
    ) x order by x.rank limit 1) end as ${sql.ref(column.column)}`)
  return sql`left join ${sql.table(source.valuesTable!)} ${whole} on ${whole}.user_id = u.user_id left join lateral (select ${sql.join(values)} from ${steps}) ${alias} on true`
}

/** Whether the decision counts that `alias` names: not undone, not ended by a run, not followed by another of its row number, not a return to the source. */
export function isCurrent(column: 'attribute_id' | 'column_id', alias: string): Sql {
  const of = (name: string) => sql.ref(`${alias}.${name}`)
  return sql`${of('undone_by')} is null and ${of('ended_by_run')} is null and ${of('policy')} <> 'source'
    and not exists (select from overrides l where l.row_number = ${of('row_number')} and ${sql.ref(`l.${column}`)} = ${of(column)} and l.type = ${of('type')} and l.undone_by is null and l.id > ${of('id')})`
}

/** The value of an override, typed as its column. */
function decided(column: VisibleColumn): Sql {
  if (column.type === 'multi') return sql`case when jsonb_typeof(o.value) = 'array' then array(select jsonb_array_elements_text(o.value)) end`
  const text = sql`(o.value #>> '{}')`
  const types: Partial<Record<typeof column.type, string>> = { number: 'numeric', time: 'timestamptz', date: 'date' }
  const type = types[column.type]
  return type ? sql`case when pg_input_is_valid(${text}, ${sql.lit(type)}) then ${text}::${sql.raw(type)} end` : sql`${text} collate "C"`
}

/** Whether the user `u` is found at all: through a row in a visible source that passes its condition. */
export function isVisible(scope: Scope): Sql {
  const { access } = scope
  if (access.everyUser) return sql`true`
  const ways = access.sources.map((source) => (source.rowCondition
    ? sql`exists (select from ${sql.table(source.rowsTable!)} r where r.row_number = any (${liveRows}) and ${passesRow(scope, source)})`
    : sql`exists (select from ${sql.table(source.valuesTable!)} v where v.user_id = u.user_id and v.row_count > 0)`))
  return ways.length ? sql`(${sql.join(ways, sql` or `)})` : sql`false`
}

/** The id of the source that `u` first came in by, null where the operator may not know it. */
export function initialSource(scope: Scope): Sql {
  const { access } = scope
  if (access.everyUser) return sql`u.source_id`
  const cases = access.sources.map((source) => (source.rowCondition
    ? sql`when u.source_id = ${source.id} and exists (select from ${sql.table(source.rowsTable!)} r where r.row_number = u.user_id and ${passesRow(scope, source)}) then u.source_id`
    : sql`when u.source_id = ${source.id} then u.source_id`))
  return cases.length ? sql`case ${sql.join(cases, sql` `)} end` : sql`null::int`
}
