import type { AudienceWay, Condition, FieldRef, HandSet, InAudience, Leaf } from '../catalog/condition.ts'
import { audienceWays, isLeaf } from '../catalog/condition.ts'
import { storable } from '../form.ts'
import { isOperator } from './field.ts'

/** How much a text may hold. `empty`: groups without parts are read, as they stand in a form that is not filled yet. */
export interface TextLimits { depth: number; leaves: number; values: number; empty?: boolean }

/** What fits into an address. */
const ofAddress: TextLimits = { depth: 6, leaves: 60, values: 1000 }

/**
 * The condition tree as it stands in an address: JSON, as short as it can be. A leaf is ["tag:12","any","tea","hiking"],
 * a node ["and", ...], ["or", ...], ["not", x], ["noTag"], ["byHand"] with "any" or "moved" and perhaps the
 * number of a source, or ["audience","any","3","7"].
 */
export function writeConditions(conditions: Condition[]): string {
  return JSON.stringify(conditions.map(toList))
}

function toList(condition: Condition): unknown[] {
  if (isLeaf(condition)) return [condition.field, condition.operator, ...condition.values]
  if ('and' in condition) return ['and', ...condition.and.map(toList)]
  if ('or' in condition) return ['or', ...condition.or.map(toList)]
  if ('not' in condition) return ['not', toList(condition.not)]
  if ('noTag' in condition) return ['noTag']
  if ('audience' in condition) return ['audience', condition.audience.how, ...condition.audience.ids.map(String)]
  const { moved, source } = condition.handSet
  return ['byHand', moved ? 'moved' : 'any', ...(source === null ? [] : [String(source)])]
}

/** Reads what writeConditions wrote; undefined where the text is anything else. Whether the fields exist is asked elsewhere. */
export function readConditions(text: string, limits: TextLimits = ofAddress): Condition[] | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!Array.isArray(parsed)) return undefined
  const room = { ...limits }
  const conditions = parsed.map((item) => fromList(item, limits.depth, room))
  return conditions.every((condition) => condition !== undefined) ? conditions : undefined
}

function fromList(item: unknown, depth: number, room: TextLimits): Condition | undefined {
  if (!Array.isArray(item) || typeof item[0] !== 'string' || depth === 0 || room.leaves-- <= 0) return undefined
  const [head, ...rest] = item as [string, ...unknown[]]
  if (head === 'noTag') return rest.length === 0 ? { noTag: true } : undefined
  if (head === 'byHand') return toHandSet(rest)
  if (head === 'audience') return toInAudience(rest, room)
  if (head !== 'and' && head !== 'or' && head !== 'not') return toLeaf(head, rest, room)
  const inner = rest.map((part) => fromList(part, depth - 1, room))
  if ((inner.length === 0 && (!room.empty || head === 'not')) || !inner.every((part) => part !== undefined)) return undefined
  if (head === 'not') return inner.length === 1 ? { not: inner[0]! } : undefined
  return head === 'and' ? { and: inner } : { or: inner }
}

function toHandSet([kind, source, ...more]: unknown[]): HandSet | undefined {
  if ((kind !== 'any' && kind !== 'moved') || more.length > 0 || (source !== undefined && !/^[1-9]\d{0,8}$/.test(String(source)))) return undefined
  return { handSet: { moved: kind === 'moved', source: source === undefined ? null : Number(source) } }
}

function toInAudience([how, ...ids]: unknown[], limits: TextLimits): InAudience | undefined {
  if (!audienceWays.includes(how as AudienceWay) || ids.length === 0 || ids.length > limits.values || !ids.every((id) => /^[1-9]\d{0,8}$/.test(String(id)))) return undefined
  return { audience: { how: how as AudienceWay, ids: [...new Set(ids.map(Number))] } }
}

function toLeaf(field: string, [operator, ...values]: unknown[], limits: TextLimits): Leaf | undefined {
  if (typeof operator !== 'string' || !isOperator(operator) || values.length > limits.values) return undefined
  if (!values.every((value) => typeof value === 'string')) return undefined
  return { field: field as FieldRef, operator, values: values.map(storable) }
}
