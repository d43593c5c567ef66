import { sql } from 'kysely'
import type { Access } from '../access/access.ts'
import type { Condition } from '../catalog/condition.ts'
import type { Field } from '../conditions/field.ts'
import type { Db } from '../db/database.ts'
import type { Sql } from '../db/sql.ts'
import { compile } from '../users/queries/condition.ts'
import type { Reading } from '../users/queries/list.ts'
import { isVisible, Scope } from '../users/queries/scope.ts'
import { shownValues, type TimeUnit } from './distribution.ts'

/** Whose values are counted, and of which field: an open one. */
export interface Counted { access: Access; reading: Reading; condition: Condition; field: Field }

/** SQL (value): one row for each user whom the query finds. */
function valuesOf({ access, reading, condition, field }: Counted): Sql {
  const scope = new Scope(access, reading.timeZone)
  const value = scope.value(field)
  const where = sql`${isVisible(scope)} and ${compile(scope, condition, reading.keys)}`
  return sql`(select ${value} as value from ${scope.from()} where ${where})`
}

export interface CountedValue { kind: 'value' | 'others' | 'empty' | 'all'; value: string | null; users: number }

/** The most frequent values, how many users have another one, none, and how many there are. Of several values of a user each counts. */
export async function countValues(db: Db, counted: Counted): Promise<CountedValue[]> {
  const multi = counted.field.type === 'multi'
  const { rows } = await sql<{ kind: CountedValue['kind']; value: string | null; users: string }>`
    with users as materialized ${valuesOf(counted)},
    counts as (select value, count(*) as users from (${multi ? sql`select unnest(value) as value from users` : sql`select value::text from users where value is not null`}) v group by value),
    ranked as (select value, users, row_number() over (order by users desc, value) as place from counts)
    select 'value' as kind, value, users from ranked where place <= ${shownValues}
    union all select 'others', null, coalesce(sum(users), 0) from ranked where place > ${shownValues}
    union all select 'empty', null, count(*) from users where ${multi ? sql`coalesce(cardinality(value), 0) = 0` : sql`value is null`}
    union all select 'all', null, count(*) from users`.execute(db)
  return rows.map((row) => ({ ...row, users: Number(row.users) }))
}

export interface Bounds { least: string | null; most: string | null; whole: boolean; filled: number; all: number; days: number }

/** From where to where the values reach, for numbers, dates and times. */
export async function findBounds(db: Db, counted: Counted): Promise<Bounds> {
  const number = counted.field.type === 'number'
  const { rows: [row] } = await sql<{ least: string | null; most: string | null; whole: boolean | null; filled: string; all: string; days: string | null }>`
    select min(value)::text as least, max(value)::text as most, ${number ? sql`bool_and(value = trunc(value))` : sql`false`} as whole, count(value) as filled, count(*) as "all",
      ${number ? sql`null::text` : sql`(max(value)::date - min(value)::date)::text`} as days from ${valuesOf(counted)} v`.execute(db)
  return { least: row?.least ?? null, most: row?.most ?? null, whole: row?.whole ?? false, filled: Number(row?.filled), all: Number(row?.all), days: Number(row?.days ?? 0) }
}

/** Users by stretches of a number: how many steps from zero each begins. */
export async function countNumbers(db: Db, counted: Counted, step: number): Promise<{ at: number; users: number }[]> {
  const { rows } = await sql<{ at: string; users: string }>`select floor(value / ${String(step)}::numeric)::text as at, count(*) as users from ${valuesOf(counted)} v where value is not null group by 1`.execute(db)
  return rows.map((row) => ({ at: Number(row.at), users: Number(row.users) })).toSorted((a, b) => a.at - b.at)
}

/** Users by days, weeks, months or years of the installation's clock. */
export async function countTimes(db: Db, counted: Counted, unit: TimeUnit): Promise<{ start: string; users: number }[]> {
  const local = counted.field.type === 'time' ? sql`value at time zone ${counted.reading.timeZone}` : sql`value::timestamp`
  const { rows } = await sql<{ start: string; users: string }>`select to_char(date_trunc(${unit}, ${local}), 'YYYY-MM-DD') as start, count(*) as users from ${valuesOf(counted)} v where value is not null group by 1 order by 1`.execute(db)
  return rows.map((row) => ({ start: row.start, users: Number(row.users) }))
}
