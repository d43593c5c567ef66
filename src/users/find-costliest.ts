import type { Access } from '../access/access.ts'
import type { Condition } from '../catalog/condition.ts'
import type { Db } from '../db/database.ts'
import { countUsers } from './queries/count.ts'
import type { Reading } from './queries/list.ts'
import { conditionOf, partsOf, type UserQuery } from './user-query.ts'

const timeLimit = 600
const eachLimit = 200

export interface Costliest { condition: Condition; count: number; without: UserQuery }

/** Of the conditions that together match nobody, the one without which most users would be found; within a time limit. */
export async function findCostliest(db: Db, access: Access, reading: Reading, query: UserQuery): Promise<Costliest | undefined> {
  const parts = partsOf(query)
  if (parts.length < 2) return undefined
  const end = Date.now() + timeLimit
  let best: Costliest | undefined
  for (const { condition, without } of parts) {
    const left = Math.min(eachLimit, end - Date.now())
    if (left < 20) break
    const count = await countUsers(db, access, reading, conditionOf(without), left)
    if (count !== undefined && count > (best?.count ?? 0)) best = { condition, count, without }
  }
  return best
}
