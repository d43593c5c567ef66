import { sql } from 'kysely'
import type { VisibleSource } from '../../access/access.ts'
import { isLeaf, type Condition, type Leaf } from '../../conditions/condition.ts'
import { testValue } from './operators.ts'
import type { Scope, Sql } from './scope.ts'

/**
 * Whether the row `r` of a source passes the row condition of the role: tags are the cells of the row itself, attributes
 * those of its user `u`. A condition that names anything else lets no row through.
 */
export function passesRow(scope: Scope, source: VisibleSource): Sql {
  return source.rowCondition ? sql`(${test(scope, source, source.rowCondition)}) is true` : sql`true`
}

function test(scope: Scope, source: VisibleSource, condition: Condition): Sql {
  if (isLeaf(condition)) return testLeaf(scope, source, condition)
  if ('noTag' in condition) return sql`false`
  if ('not' in condition) return sql`not coalesce(${test(scope, source, condition.not)}, false)`
  const [inner, word] = 'and' in condition ? [condition.and, sql` and `] : [condition.or, sql` or `]
  return inner.length ? sql`(${sql.join(inner.map((part) => test(scope, source, part)), word)})` : sql`false`
}

function testLeaf(scope: Scope, source: VisibleSource, leaf: Leaf): Sql {
  const column = source.conditionColumns.find((candidate) => candidate.kind === 'tag' && leaf.field === `tag:${candidate.id}`)
  if (column) return testValue(column.type, sql.ref(`r.${column.column}`), leaf, scope.timeZone)
  const attribute = scope.access.conditionAttributes.find((candidate) => leaf.field === `attribute:${candidate.code}`)
  return attribute ? testValue(attribute.type, sql.ref(`u.${attribute.column}`), leaf, scope.timeZone) : sql`false`
}
