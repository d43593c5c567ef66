import { sql } from 'kysely'
import { isLeaf, type Condition, type InAudience } from '../../catalog/condition.ts'
import { unknownAudience } from '../../conditions/check-condition.ts'
import { byHand, findOpenField } from '../../conditions/field.ts'
import type { Sql } from '../../db/sql.ts'
import { Invalid } from '../../problem.ts'
import { fieldsBy, isHandSet } from './hand-set.ts'
import { hasIdentity, type IdKeys } from './identity.ts'
import { testValue } from './operators.ts'
import type { Scope } from './scope.ts'

/**
 * A condition tree as SQL in the scope of the users `u`. Fields are looked up under the Access of the scope: one that is
 * hidden, masked or unknown ends here, so it never reaches the database.
 */
export function compile(scope: Scope, condition: Condition, keys: IdKeys): Sql {
  if (isLeaf(condition)) {
    const field = findOpenField(scope.access, condition.field)
    if (!field) throw new Invalid('A condition names a field that does not exist here.')
    if (byHand.includes(condition.operator)) return isHandSet([field], condition.operator === 'moved')
    if (field.type === 'id') return hasIdentity(scope, condition.values, field.idType, keys)
    return testValue(field.type, scope.value(field), condition, scope.timeZone)
  }
  if ('noTag' in condition) return hasNoTag(scope)
  if ('handSet' in condition) return isHandSet(fieldsBy(scope.access, condition.handSet.source), condition.handSet.moved)
  if ('audience' in condition) return isInAudience(scope, condition.audience)
  if ('not' in condition) return sql`((${compile(scope, condition.not, keys)}) is not true)`
  const [inner, word] = 'and' in condition ? [condition.and, sql` and `] : [condition.or, sql` or `]
  if (inner.length === 0) return 'and' in condition ? sql`true` : sql`false`
  return sql`(${sql.join(inner.map((part) => sql`(${compile(scope, part, keys)})`), word)})`
}

/**
 * Members are asked by the user ID alone: the writer of the projection adds to each table who holds the number of a member
 * now (projection/members.ts). Joined where the planner can, so that few members of many are found as quickly as many.
 */
function isInAudience({ access }: Scope, { how, ids }: InAudience['audience']): Sql {
  const tables = ids.map((id) => {
    const audience = access.audience(id)
    if (!audience) throw new Invalid(unknownAudience)
    return audience.membersTable
  })
  const built = tables.filter((table) => table !== null)
  const isIn = (table: string) => sql`exists (select from ${sql.table(table)} m where m.row_number = u.user_id)`
  if (how === 'none') return built.length ? sql`(${sql.join(built.map((table) => sql`not ${isIn(table)}`), sql` and `)})` : sql`true`
  if (how === 'all') return built.length === tables.length ? sql`(${sql.join(built.map(isIn), sql` and `)})` : sql`false`
  if (built.length < 2) return built[0] === undefined ? sql`false` : isIn(built[0])
  return sql`u.user_id in (${sql.join(built.map((table) => sql`select row_number from ${sql.table(table)}`), sql` union all `)})`
}

/** Every tag that this operator sees unmasked is empty. */
function hasNoTag(scope: Scope): Sql {
  const tests = scope.access.tags.filter(({ column }) => !column.masked).map(({ source, column }) => testValue(column.type, scope.tag(source, column), { operator: 'empty', values: [] }, scope.timeZone))
  return tests.length ? sql`(${sql.join(tests, sql` and `)})` : sql`true`
}
