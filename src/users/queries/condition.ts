import { sql } from 'kysely'
import { isLeaf, type Condition } from '../../catalog/condition.ts'
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
  if ('not' in condition) return sql`((${compile(scope, condition.not, keys)}) is not true)`
  const [inner, word] = 'and' in condition ? [condition.and, sql` and `] : [condition.or, sql` or `]
  if (inner.length === 0) return 'and' in condition ? sql`true` : sql`false`
  return sql`(${sql.join(inner.map((part) => sql`(${compile(scope, part, keys)})`), word)})`
}

/** Every tag that this operator sees unmasked is empty. */
function hasNoTag(scope: Scope): Sql {
  const tests = scope.access.tags.filter(({ column }) => !column.masked).map(({ source, column }) => testValue(column.type, scope.tag(source, column), { operator: 'empty', values: [] }, scope.timeZone))
  return tests.length ? sql`(${sql.join(tests, sql` and `)})` : sql`true`
}
