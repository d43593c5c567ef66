import type { Access } from '../access/access.ts'
import type { Db } from '../db/database.ts'
import { findPosition, listPositions, type Reading } from './queries/list.ts'
import { conditionOf, type UserQuery } from './user-query.ts'

/** The user before or after this one in the order of a query; null at its end, undefined where this user is not to be seen. */
export async function findNeighbour(db: Db, access: Access, reading: Reading, query: UserQuery, userId: string, backward: boolean): Promise<string | null | undefined> {
  if (!/^[1-9]\d{0,17}$/.test(userId)) return undefined
  const from = await findPosition(db, access, reading, query.sort, userId)
  if (!from) return undefined
  const [neighbour] = await listPositions(db, access, reading, { condition: conditionOf(query), sort: query.sort, from, backward, limit: 1 })
  return neighbour?.id ?? null
}
