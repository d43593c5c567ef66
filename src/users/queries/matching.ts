import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Condition } from '../../catalog/condition.ts'
import type { Sql } from '../../db/sql.ts'
import { compile } from './condition.ts'
import { byNumber } from './identity.ts'
import type { Reading } from './list.ts'
import { isVisible, Scope } from './scope.ts'

/** SQL (user_id): everybody whom a query finds for this operator. */
export function matchingUsers(access: Access, reading: Reading, condition: Condition): Sql {
  const scope = new Scope(access, reading.timeZone)
  const where = sql`${isVisible(scope)} and ${compile(scope, condition, reading.keys)}`
  return sql`select u.user_id from ${scope.from()} where ${where}`
}

/** SQL (user_id): who holds these row numbers now, as far as this operator sees them. */
export function usersHolding(access: Access, timeZone: string, numbers: string[]): Sql {
  const scope = new Scope(access, timeZone)
  const where = sql`u.user_id in (${sql.join(byNumber(scope, numbers), sql` union all `)}) and ${isVisible(scope)}`
  return sql`select u.user_id from ${scope.from()} where ${where}`
}
