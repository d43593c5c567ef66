import { sql } from 'kysely'
import type { Access, VisibleSource } from '../../access/access.ts'
import { isLeaf, type Condition, type Leaf } from '../../catalog/condition.ts'
import { byHand } from '../../conditions/field.ts'
import type { Sql } from '../../db/sql.ts'
import { testValue } from './operators.ts'

/** On whose behalf rows are read, and what a day means there. */
export interface Reader { access: Access; timeZone: string }

/**
 * Whether the row `r` of a source passes the row condition of the role: tags are the cells of the row itself, attributes
 * those of its user `u`. A condition that names anything else lets no row through.
 */
export function passesRow(reader: Reader, source: VisibleSource): Sql {
  return source.rowCondition ? sql`(${test(reader, source, source.rowCondition)}) is true` : sql`true`
}

function test(reader: Reader, source: VisibleSource, condition: Condition): Sql {
  if (isLeaf(condition)) return testLeaf(reader, source, condition)
  if ('noTag' in condition || 'handSet' in condition) return sql`false`
  if ('not' in condition) return sql`not coalesce(${test(reader, source, condition.not)}, false)`
  const [inner, word] = 'and' in condition ? [condition.and, sql` and `] : [condition.or, sql` or `]
  return inner.length ? sql`(${sql.join(inner.map((part) => test(reader, source, part)), word)})` : sql`false`
}

function testLeaf(reader: Reader, source: VisibleSource, leaf: Leaf): Sql {
  if (byHand.includes(leaf.operator)) return sql`false`
  const column = source.conditionColumns.find((candidate) => candidate.kind === 'tag' && leaf.field === `tag:${candidate.id}`)
  if (column) return testValue(column.type, sql.ref(`r.${column.column}`), leaf, reader.timeZone)
  const attribute = reader.access.conditionAttributes.find((candidate) => leaf.field === `attribute:${candidate.code}`)
  return attribute ? testValue(attribute.type, sql.ref(`u.${attribute.column}`), leaf, reader.timeZone) : sql`false`
}
