import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import { decidedBy, type Target } from '../../catalog/target.ts'
import type { Db } from '../../db/database.ts'
import type { Sql } from '../../db/sql.ts'
import { selectedUsers, type Selection } from '../../overrides/queries/selections.ts'
import { currentDecisions } from '../../projection/overrides-sql.ts'
import { beginReading } from '../../users/queries/begin.ts'
import { isTimeout } from '../../users/queries/count.ts'
import { isVisible, Scope } from '../../users/queries/scope.ts'
import type { OfferedTag, TagMode } from '../tagging.ts'

/** A number of users: counted, or worked out from a part of them where counting would take long. */
export interface Counted { count: number; exact: boolean }

const countLimit = 1500
const sampleLimit = 3000
const sampled = 10_000
/** Decisions of few users are found by their row numbers, those of many by their field. */
const few = 20_000

/** How many users of the choice show the same before and after the change already? As this operator sees them. */
export async function countSame(db: Db, access: Access, timeZone: string, selection: Selection, tag: OfferedTag, mode: TagMode, values: string[]): Promise<Counted | null> {
  return counted(db, access, selection, (every) => {
    const scope = new Scope(access, timeZone)
    const same = showsSame(scope.tag(tag.source, tag.column), mode, values)
    return sql`from ${scope.from(chosen(access, selection, every))} where ${isVisible(scope)} and ${same}`
  })
}

/** How many users of the choice have a hand-set value of the target, and show something else after the change (where one is named)? */
export async function countHandSet(db: Db, access: Access, timeZone: string, selection: Selection, target: Target, change: { tag: OfferedTag; mode: TagMode; values: string[] } | null): Promise<Counted | null> {
  return counted(db, access, selection, (every) => {
    const scope = new Scope(access, timeZone)
    const changes = change ? sql`not ${showsSame(scope.tag(change.tag.source, change.tag.column), change.mode, change.values)}` : sql`true`
    const decided = sql.raw(currentDecisions(decidedBy(target), selection.users <= few ? selectedUsers(selection.id, access.usersTable) : null))
    const users = sql`(select distinct d.user_id from ${decided} d) h join ${chosen(access, selection, every)} on h.user_id = u.user_id`
    return sql`from ${scope.from(users)} where ${isVisible(scope)} and ${changes}`
  })
}

function chosen(access: Access, selection: Selection, every: number): Sql {
  const users = sql.table(access.usersTable)
  return sql`(select p.* from ${sql.raw(selectedUsers(selection.id, access.usersTable, every))} c join ${users} p on p.user_id = c.user_id) u`
}

function showsSame(shown: Sql, mode: TagMode, values: string[]): Sql {
  if (mode === 'set') return sql`(${shown} is not distinct from ${values.at(-1) ?? null}::text)`
  const given = sql`${values}::text[]`
  if (mode === 'add') return sql`(coalesce(${shown}, '{}') @> ${given})`
  return mode === 'remove' ? sql`(not coalesce(${shown}, '{}') && ${given})` : sql`(${shown} is not distinct from ${given})`
}

/** Counts within a time; else counts a part of the users, chosen by nothing that values depend on. Null where that takes too long as well. */
async function counted(db: Db, access: Access, { users }: Selection, from: (every: number) => Sql): Promise<Counted | null> {
  const exact = await countWithin(db, access, countLimit, from(1))
  if (exact !== null) return { count: exact, exact: true }
  const every = Math.max(1, Math.round(users / sampled))
  const part = await countWithin(db, access, sampleLimit, from(every))
  return part === null ? null : { count: Math.min(users, part * every), exact: every === 1 }
}

async function countWithin(db: Db, access: Access, milliseconds: number, from: Sql): Promise<number | null> {
  try {
    return await db.transaction().setAccessMode('read only').execute(async (trx) => {
      await beginReading(trx, access, milliseconds)
      const { rows } = await sql<{ count: string }>`select count(*) ${from}`.execute(trx)
      return Number(rows[0]!.count)
    })
  } catch (error) {
    if (isTimeout(error)) return null
    throw error
  }
}

/** Which of these fields did anybody set by hand, and is not given back? */
export async function listHandSet<T extends { columnId: number | null; attributeId: number | null }>(db: Db, fields: readonly T[]): Promise<T[]> {
  if (fields.length === 0) return []
  const { rows } = await sql<{ n: string }>`
    select f.n from unnest(${fields.map((field) => field.columnId)}::int[], ${fields.map((field) => field.attributeId)}::int[]) with ordinality f (column_id, attribute_id, n)
    where exists (select from overrides o where o.column_id = f.column_id and o.undone_by is null and o.ended_by_run is null and o.policy <> 'source')
      or exists (select from overrides o where o.attribute_id = f.attribute_id and o.undone_by is null and o.ended_by_run is null and o.policy <> 'source')`.execute(db)
  const found = new Set(rows.map((row) => Number(row.n)))
  return fields.filter((_, index) => found.has(index + 1))
}
