/**
 * One typed condition tree for everything that selects users: the query of the list and its URL, row conditions of a
 * role, later audiences. A field is written 'attribute:<code>', 'tag:<column id>' or 'id:<ID type code>'; 'id' alone is
 * any ID (user ID, old ID, or a value of any type).
 */
export type FieldRef = `attribute:${string}` | `tag:${number}` | `id:${string}` | 'id'

/** 'hand': the value was set by hand; 'moved': that, and its source has changed since. */
export const operators = ['is', 'not', 'contains', 'starts', 'empty', 'filled', 'any', 'all', 'range', 'hand', 'moved'] as const
export type Operator = (typeof operators)[number]

export interface Leaf { field: FieldRef; operator: Operator; values: string[] }

export type Condition = { and: Condition[] } | { or: Condition[] } | { not: Condition } | { noTag: true } | HandSet | Leaf

/** Any value was set by hand: of all tags and attributes, or of those that one source has a part in. `moved`: and its source has changed since. */
export interface HandSet { handSet: { moved: boolean; source: number | null } }

export function isLeaf(condition: Condition): condition is Leaf {
  return 'field' in condition
}
