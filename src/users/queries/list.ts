import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Condition } from '../../catalog/condition.ts'
import { findOpenField, type Field } from '../../conditions/field.ts'
import type { Db } from '../../db/database.ts'
import { stretchesOf, type Order, type Position } from '../../db/keyset.ts'
import type { Sql } from '../../db/sql.ts'
import type { Sort } from '../user-query.ts'
import { compile } from './condition.ts'
import type { IdKeys } from './identity.ts'
import { masked } from './mask.ts'
import { folded } from './operators.ts'
import { initialSource, isVisible, Scope } from './scope.ts'

/** Settings of the installation that reading users needs besides the Access. */
export interface Reading { timeZone: string; keys: IdKeys }

export interface PageRequest { condition: Condition; sort: Sort; from: Position | null; backward: boolean; limit: number }

/** Which users stand on a page? At most `limit`, in the direction of reading; the caller turns a backward page around. */
export async function listPositions(db: Db, access: Access, reading: Reading, request: PageRequest): Promise<Position[]> {
  const found: Position[] = []
  const scope = new Scope(access, reading.timeZone)
  const order = orderOf(scope, request.sort)
  const where = sql`${isVisible(scope)} and ${compile(scope, request.condition, reading.keys)}`
  const key = order.key ? sql`(${order.key})::text` : sql`null::text`
  for (const stretch of stretchesOf(order, request.from, request.backward)) {
    if (found.length >= request.limit) break
    const { rows } = await sql<Position>`
      select u.user_id as id, ${key} as key from ${scope.from()}
      where ${stretch.where} and ${where} order by ${stretch.orderBy} limit ${request.limit - found.length}`.execute(db)
    found.push(...rows)
  }
  return found
}

/** How the list runs under a sort; created order is the order of user IDs, since both come from the first row. */
export function orderOf(scope: Scope, sort: Sort): Order {
  const base = { name: sort.by, id: sql`u.user_id`, descending: sort.descending }
  if (sort.by === 'created' || sort.by === 'user_id') return { ...base, key: null, type: 'text' }
  if (sort.by === 'source') return { ...base, key: aliasOf(scope), type: 'text', collation: 'people' }
  const field = findOpenField(scope.access, sort.by)
  if (!field) throw new Error(`The list cannot be sorted by ${sort.by}`)
  const value = scope.value(field)
  if (sort.by === 'attribute:name') return { ...base, key: sql`left(${value}, 200)`, type: 'text', collation: 'people' }
  if (field.type === 'number') return { ...base, key: value, type: 'numeric' }
  if (field.type === 'time') return { ...base, key: value, type: 'timestamptz' }
  if (field.type === 'date') return { ...base, key: value, type: 'date' }
  return { ...base, key: folded(value), type: 'text' }
}

function aliasOf(scope: Scope): Sql {
  const aliases = scope.access.sources.map((source) => sql`when ${source.id} then ${source.alias}::text`)
  return aliases.length ? sql`(case ${initialSource(scope)} ${sql.join(aliases, sql` `)} end)` : sql`null::text`
}

/** The sort key of one user, so that its neighbours can be found; undefined where the user is not visible. */
export async function findPosition(db: Db, access: Access, reading: Reading, sort: Sort, userId: string): Promise<Position | undefined> {
  const scope = new Scope(access, reading.timeZone)
  const order = orderOf(scope, sort)
  const key = order.key ? sql`(${order.key})::text` : sql`null::text`
  const visible = isVisible(scope)
  const { rows } = await sql<Position>`select u.user_id as id, ${key} as key from ${scope.from()} where u.user_id = ${userId}::bigint and ${visible}`.execute(db)
  return rows[0]
}

export type Cell = string | string[] | Date | null
export interface UserCells { id: string; createdAt: Date; sourceId: number | null; cells: Cell[] }

/** What the list shows of these users: one value for each field, masked ones already masked. */
export async function listCells(db: Db, access: Access, reading: Reading, ids: string[], fields: Field[]): Promise<UserCells[]> {
  if (ids.length === 0) return []
  const scope = new Scope(access, reading.timeZone)
  const values = fields.map((field, index) => sql`${field.masked ? masked(field.type, scope.value(field)) : scope.value(field)} as ${sql.ref(`v${index}`)}`)
  const columns = sql.join([sql`u.user_id as id`, sql`u.created_at`, sql`${initialSource(scope)} as source_id`, ...values])
  const users = sql`unnest(${ids}::bigint[]) with ordinality p (user_id, n) join ${sql.table(access.usersTable)} u on u.user_id = p.user_id`
  const { rows } = await sql<Record<string, Cell>>`select ${columns} from ${scope.from(users)} order by p.n`.execute(db)
  return rows.map((row) => ({
    id: row['id'] as string, createdAt: row['created_at'] as unknown as Date, sourceId: row['source_id'] as unknown as number | null,
    cells: fields.map((_, index) => row[`v${index}`] ?? null)
  }))
}
