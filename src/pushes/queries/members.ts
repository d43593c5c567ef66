import type { Access } from '../../access/access.ts'
import { sql } from 'kysely'
import type { Sql } from '../../db/sql.ts'
import type { Reading } from '../../users/queries/list.ts'
import { matchingUsers, usersHolding } from '../../users/queries/matching.ts'
import type { Push } from '../push.ts'
import { pushedUsers } from './batches.ts'

/** SQL (user_id): of whom a push speaks, as far as its operator finds them. */
export function membersOf(access: Access, reading: Reading, { person, audience }: Pick<Push, 'person' | 'audience'>): Sql {
  if (person !== null) return usersHolding(access, reading.timeZone, [person])
  return matchingUsers(access, reading, { audience: { how: 'any', ids: [audience.id!] } })
}

/** SQL (user_id): members whom the destination does not have. */
export function cameSince(members: Sql, pushId: number): Sql {
  return sql`select m.user_id from (${members}) m where m.user_id not in (${pushedUsers(pushId)})`
}

/** SQL (user_id): whom the destination has though they are no members any more. */
export function leftSince(members: Sql, pushId: number): Sql {
  return sql`select p.user_id from (${pushedUsers(pushId)}) p where p.user_id not in (${members})`
}
