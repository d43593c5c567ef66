import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Field } from '../../conditions/field.ts'
import type { Db } from '../../db/database.ts'
import { isTimeout } from './count.ts'
import { beginReading } from './begin.ts'
import { contains } from './operators.ts'
import { isVisible, Scope } from './scope.ts'

export interface Frequent { value: string; count: number }

const liveLimit = 300
const looked = 20_000
const offered = 20

/** Frequent values of a field among the users that this operator sees, most frequent first; `typed` must be part of them. */
export async function listFrequentValues(db: Db, access: Access, timeZone: string, field: Field, typed: string): Promise<Frequent[]> {
  const known = await findCountedValues(db, access, field)
  const wanted = typed.trim().toLowerCase()
  const fitting = known?.filter(({ value }) => value.toLowerCase().includes(wanted))
  if (fitting && (wanted === '' || fitting.length >= offered / 2)) return fitting
  const live = await (typed.trim() === '' && !isCountedForAll(access, field) ? listKeptValues(db, access, timeZone, field) : listLiveValues(db, access, timeZone, field, typed.trim()))
  const listed = new Set(fitting?.map(({ value }) => value))
  return [...(fitting ?? []), ...live.filter(({ value }) => !listed.has(value))].slice(0, offered)
}

/** The statistics speak of everybody: they are shown only to who sees all the users they were counted over. */
function isCountedForAll(access: Access, field: Field): boolean {
  return access.everyUser || (field.tag !== undefined && field.tag.source.rowCondition === null)
}

/** What the last count of values found most often, by one look-up; undefined where that may not be shown, or nothing was counted yet. */
export async function findCountedValues(db: Db, access: Access, field: Field): Promise<Frequent[] | undefined> {
  if (!isCountedForAll(access, field)) return undefined
  const name = field.attribute?.column ?? field.tag?.column.column
  const row = await db.selectFrom('field_statistics').select('top_values').where('field', '=', name ?? '').executeTakeFirst()
  return row?.top_values
}

/** How long values that were counted for one role are offered again. */
const keptFor = 5 * 60_000

const counted = new WeakMap<Access['sources'], Map<string, { until: number; values: Promise<Frequent[]> }>>()

/** The values that are offered before anything is typed, kept for everybody who sees the same. What an Access lists is made anew with each publication, and what was found goes with it. */
function listKeptValues(db: Db, access: Access, timeZone: string, field: Field): Promise<Frequent[]> {
  const found = counted.get(access.sources) ?? new Map<string, { until: number; values: Promise<Frequent[]> }>()
  counted.set(access.sources, found)
  const kept = found.get(field.ref)
  if (kept && kept.until > Date.now()) return kept.values
  const values = listLiveValues(db, access, timeZone, field, '')
  found.set(field.ref, { until: Date.now() + keptFor, values })
  values.catch(() => found.delete(field.ref))
  return values
}

/** Counted now, over the first users that fit, within a short time; nothing where that does not suffice. */
async function listLiveValues(db: Db, access: Access, timeZone: string, field: Field, typed: string): Promise<Frequent[]> {
  const scope = new Scope(access, timeZone)
  const value = scope.value(field)
  const several = field.type === 'multi'
  const one = several ? sql`m.one` : value
  const fits = typed === '' ? sql`${one} is not null` : contains(one, typed)
  const where = sql`${isVisible(scope)} and ${fits}`
  const each = several ? sql`cross join lateral unnest(${value}) m (one)` : sql``
  try {
    return await db.transaction().setAccessMode('read only').execute(async (trx) => {
      await beginReading(trx, access, liveLimit)
      const { rows } = await sql<{ value: string; count: string }>`
        select f.value, count(*) from (select ${one} as value from ${scope.from()} ${each} where ${where} limit ${looked}) f
        group by f.value order by count(*) desc, f.value limit ${offered}`.execute(trx)
      return rows.map((row) => ({ value: row.value, count: Number(row.count) }))
    })
  } catch (error) {
    if (isTimeout(error)) return []
    throw error
  }
}
