/**
 * One typed condition tree for everything that selects users: the query of the list and its URL, row conditions of a
 * role, the rules of an audience. A field is written 'attribute:<code>', 'tag:<column id>' or 'id:<ID type code>'; 'id' alone is
 * any ID (user ID, old ID, or a value of any type).
 */
export type FieldRef = `attribute:${string}` | `tag:${number}` | `id:${string}` | 'id'

/** 'hand': the value was set by hand; 'moved': that, and its source has changed since. 'none' is asked of audiences alone. */
export const operators = ['is', 'not', 'contains', 'starts', 'empty', 'filled', 'any', 'all', 'range', 'hand', 'moved', 'none'] as const
export type Operator = (typeof operators)[number]

export interface Leaf { field: FieldRef; operator: Operator; values: string[] }

export type Condition = { and: Condition[] } | { or: Condition[] } | { not: Condition } | { noTag: true } | HandSet | InAudience | Leaf

/** Any value was set by hand: of all tags and attributes, or of those that one source has a part in. `moved`: and its source has changed since. */
export interface HandSet { handSet: { moved: boolean; source: number | null } }

/** Is in any of these audiences, in all of them, or in none. */
export interface InAudience { audience: { how: AudienceWay; ids: number[] } }

export const audienceWays = ['any', 'all', 'none'] as const
export type AudienceWay = (typeof audienceWays)[number]

/** Conditions that hold no others; `not`, `and` and `or` do. */
export type SimpleCondition = Exclude<Condition, { and: Condition[] } | { or: Condition[] } | { not: Condition }>

export function isSimple(condition: Condition): condition is SimpleCondition {
  return !('and' in condition || 'or' in condition || 'not' in condition)
}

/** The conditions right inside one that is not simple. */
export function partsIn(condition: Exclude<Condition, SimpleCondition>): Condition[] {
  return 'and' in condition ? condition.and : 'or' in condition ? condition.or : [condition.not]
}

/** Every audience that a condition names. */
export function audiencesIn(condition: Condition): number[] {
  if (isSimple(condition)) return 'audience' in condition ? condition.audience.ids : []
  return [...new Set(partsIn(condition).flatMap(audiencesIn))]
}

export function isLeaf(condition: Condition): condition is Leaf {
  return 'field' in condition
}

/** Lets nobody and nothing through: what stands for a condition that cannot be read. */
export const noRow: Condition = { or: [] }

const limits = { depth: 16, parts: 600 }

/** A condition as it was kept, looked at piece by piece: undefined where any of it is not what this version of the console writes, or lies deeper than `depth`. */
export function readCondition(value: unknown, depth: number = limits.depth): Condition | undefined {
  return read(value, depth, { parts: limits.parts })
}

function read(value: unknown, depth: number, room: { parts: number }): Condition | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth === 0 || room.parts-- <= 0) return undefined
  const { field, operator, values, and, or, not, noTag, handSet, audience } = value as Record<string, unknown>
  if (field !== undefined) return readLeaf(field, operator, values)
  if (not !== undefined) {
    const inner = read(not, depth - 1, room)
    return inner && { not: inner }
  }
  if (noTag === true) return { noTag }
  if (handSet !== undefined) return readHandSet(handSet)
  if (audience !== undefined) return readAudience(audience)
  const parts = and ?? or
  if (!Array.isArray(parts)) return undefined
  const inner = parts.map((part) => read(part, depth - 1, room))
  if (!inner.every((part) => part !== undefined)) return undefined
  return and === undefined ? { or: inner } : { and: inner }
}

function readLeaf(field: unknown, operator: unknown, values: unknown): Leaf | undefined {
  if (typeof field !== 'string' || !operators.includes(operator as Operator) || !Array.isArray(values)) return undefined
  return values.every((one): one is string => typeof one === 'string') ? { field: field as FieldRef, operator: operator as Operator, values } : undefined
}

function readAudience(value: unknown): InAudience | undefined {
  const { how, ids } = (value ?? {}) as Record<string, unknown>
  const whole = Array.isArray(ids) && ids.length > 0 && ids.every((id): id is number => Number.isInteger(id) && (id as number) > 0)
  return whole && audienceWays.includes(how as AudienceWay) ? { audience: { how: how as AudienceWay, ids } } : undefined
}

function readHandSet(value: unknown): HandSet | undefined {
  const { moved, source } = (value ?? {}) as Record<string, unknown>
  return typeof moved === 'boolean' && (source === null || typeof source === 'number') ? { handSet: { moved, source } } : undefined
}
