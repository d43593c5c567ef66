import type { Access } from '../access/access.ts'
import { isLeaf, isSimple, partsIn, type Condition } from '../catalog/condition.ts'
import { describeText } from '../conditions/labels.ts'
import { partsOf, readQueryText } from './user-query.ts'

export const unseenCondition = 'a condition on something that you do not see'

/**
 * The conditions of a query in words, for somebody who may see less than who asked it: what they do not see is not named.
 * With `ids` they read which ID was asked for. Nothing for everybody.
 */
export function describeQuery(access: Access, text: string, ids: boolean): string[] {
  const { query, problems } = readQueryText(access, text)
  return [...partsOf(query).map(({ condition }) => (!ids && asksId(condition) ? 'one ID' : describeText(access, condition))), ...problems.map(() => unseenCondition)]
}

function asksId(condition: Condition): boolean {
  if (isLeaf(condition)) return condition.field === 'id' || condition.field.startsWith('id:')
  return !isSimple(condition) && partsIn(condition).some(asksId)
}

/** The tags and attributes that a query asks for. */
export function fieldsOfQuery(access: Access, text: string): string[] {
  return partsOf(readQueryText(access, text).query).flatMap(({ condition }) => fieldsOf(condition))
}

/** The same of one condition. */
export function fieldsOf(condition: Condition): string[] {
  if (isLeaf(condition)) return condition.field === 'id' || condition.field.startsWith('id:') ? [] : [condition.field]
  return isSimple(condition) ? [] : partsIn(condition).flatMap(fieldsOf)
}
