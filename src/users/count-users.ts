import type { Access } from '../access/access.ts'
import type { Db } from '../db/database.ts'
import { formatAbout, formatNumber } from '../format.ts'
import { countUsers, estimateUsers } from './queries/count.ts'
import type { Reading } from './queries/list.ts'
import { conditionOf, partsOf, type UserQuery } from './user-query.ts'

export const countLimit = 200

export interface Matching { count: number; exact: boolean }

/** How many users a query matches: exact where that is quick, else what the planner expects. */
export async function countMatching(db: Db, access: Access, reading: Reading, query: UserQuery): Promise<Matching> {
  const known = knownCount(access, query)
  if (known !== undefined) return { count: known, exact: true }
  const condition = conditionOf(query)
  const exact = await countUsers(db, access, reading, condition, countLimit)
  if (exact !== undefined) return { count: exact, exact: true }
  return { count: await estimateUsers(db, access, reading, condition), exact: false }
}

/** Everybody is counted when data is published; that number is at hand. */
export function knownCount(access: Access, query: UserQuery): number | undefined {
  return access.everyUser && partsOf(query).length === 0 ? access.userCount : undefined
}

export function sayCount({ count, exact }: Matching): string {
  return exact ? formatNumber(count) : formatAbout(count)
}

export function sayMatching(matching: Matching, query: UserQuery): string {
  const everybody = partsOf(query).length === 0
  if (matching.exact && matching.count === 0) return everybody ? 'no user' : 'no user matches'
  if (matching.exact && matching.count === 1) return everybody ? '1 user' : '1 user matches'
  return `${sayCount(matching)} ${everybody ? 'users' : 'match'}`
}
