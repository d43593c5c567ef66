import { sql } from 'kysely'
import type { Access, VisibleSource } from '../../access/access.ts'
import { isLeaf, isSimple, type Condition, type Leaf } from '../../catalog/condition.ts'
import { problemOfTest } from '../../conditions/check-condition.ts'
import { byHand, type FieldType } from '../../conditions/field.ts'
import type { Sql } from '../../db/sql.ts'
import { testValue } from './operators.ts'

/** On whose behalf rows are read, and what a day means there. */
export interface Reader { access: Access; timeZone: string }

/**
 * Whether the row `r` of a source passes the row condition of the role: tags are the cells of the row itself, attributes
 * those of its user `u`. A condition that names anything else, or asks what cannot be asked, lets no row through.
 */
export function passesRow(reader: Reader, source: VisibleSource): Sql {
  if (!source.rowCondition) return sql`true`
  const passes = test(reader, source, source.rowCondition, false)
  return passes ? sql`(${passes}) is true` : sql`false`
}

/** Undefined where it cannot be asked. Of several ways to pass, one that cannot be asked is left out; below a "not" that would let rows in, so nothing is. */
function test(reader: Reader, source: VisibleSource, condition: Condition, denied: boolean): Sql | undefined {
  if (isLeaf(condition)) return testLeaf(reader, source, condition)
  if (isSimple(condition)) return undefined
  if ('not' in condition) {
    const inner = test(reader, source, condition.not, true)
    return inner && sql`not coalesce(${inner}, false)`
  }
  const parts = ('and' in condition ? condition.and : condition.or).map((part) => test(reader, source, part, denied))
  const known = parts.filter((part) => part !== undefined)
  const needed = 'and' in condition || denied
  if (known.length === 0 || (needed && known.length < parts.length)) return undefined
  return sql`(${sql.join(known, 'and' in condition ? sql` and ` : sql` or `)})`
}

function testLeaf(reader: Reader, source: VisibleSource, leaf: Leaf): Sql | undefined {
  const field = fieldOf(reader, source, leaf.field)
  // What changed its type since is asked what it cannot be asked, and a cast would fail.
  if (!field || byHand.includes(leaf.operator) || problemOfTest({ label: '', type: field.type }, leaf)) return undefined
  return testValue(field.type, field.value, leaf, reader.timeZone)
}

function fieldOf(reader: Reader, source: VisibleSource, ref: string): { type: FieldType; value: Sql } | undefined {
  const column = source.conditionColumns.find((candidate) => candidate.kind === 'tag' && ref === `tag:${candidate.id}`)
  if (column) return { type: column.type, value: sql.ref(`r.${column.column}`) }
  const attribute = reader.access.conditionAttributes.find((candidate) => ref === `attribute:${candidate.code}`)
  return attribute && { type: attribute.type, value: sql.ref(`u.${attribute.column}`) }
}
