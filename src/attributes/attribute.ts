import type { Attribute } from '../catalog/catalog.ts'
import type { AssignmentRule, AttributeType } from '../db/database.ts'

export const ruleLabels: Record<AssignmentRule, string> = { latest: 'latest update', earliest: 'earliest', order: 'order of sources' }
export const typeLabels: Record<AttributeType, string> = { text: 'text', number: 'number', date: 'date', time: 'time', choice: 'choice' }
export const maxAttributes = 200

/** SQL type of an attribute's column in the users table. */
export function sqlTypeOf(type: AttributeType): string {
  const types: Record<AttributeType, string> = { text: 'text collate "C"', choice: 'text collate "C"', number: 'numeric', date: 'date', time: 'timestamptz' }
  return types[type]
}

/** Sources in the order that a rule gives them: those that were put in order first, then the others as they are listed. */
export function orderedSources<T extends { id: number }>(sources: readonly T[], order: readonly number[]): T[] {
  const place = (source: T) => (order.includes(source.id) ? order.indexOf(source.id) : order.length)
  return sources.toSorted((a, b) => place(a) - place(b))
}

/** The order with one source a step earlier or later. */
export function movedSource(ids: readonly number[], id: number, step: -1 | 1): number[] {
  const from = ids.indexOf(id)
  const to = from + step
  if (from < 0 || to < 0 || to >= ids.length) return [...ids]
  return ids.with(from, ids[to]!).with(to, id)
}

/** What of a change makes the values of users be worked out anew. */
export function needsReproject(before: Pick<Attribute, 'rule' | 'sourceOrder' | 'filterIndex'>, after: Pick<Attribute, 'rule' | 'sourceOrder' | 'filterIndex'>): boolean {
  return before.rule !== after.rule || before.filterIndex !== after.filterIndex || (after.rule === 'order' && before.sourceOrder.join() !== after.sourceOrder.join())
}
