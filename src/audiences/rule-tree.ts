import { isSimple, partsIn, type Condition, type SimpleCondition } from '../catalog/condition.ts'

export const groupWays = ['all', 'any', 'none'] as const
export type GroupWay = (typeof groupWays)[number]

/** Rules as people put them together: groups inside groups, of which all, any or none of the parts hold. */
export interface RuleGroup { how: GroupWay; parts: RulePart[] }
export type RulePart = RuleGroup | SimpleCondition

/** How deep groups can be made here; what comes from elsewhere may be deeper. */
export const deepest = 4

export function isGroup(part: RulePart): part is RuleGroup {
  return 'how' in part
}

/** A condition tree as groups: a negation is a group of which none holds. */
export function groupOf(condition: Condition): RuleGroup {
  const part = partOf(condition)
  return isGroup(part) ? part : { how: 'all', parts: [part] }
}

function partOf(condition: Condition): RulePart {
  if (isSimple(condition)) return condition
  if (!('not' in condition)) return { how: 'and' in condition ? 'all' : 'any', parts: partsIn(condition).map(partOf) }
  return { how: 'none', parts: 'or' in condition.not ? condition.not.or.map(partOf) : [partOf(condition.not)] }
}

/** The condition tree of groups, empty ones included. */
export function conditionOfGroup({ how, parts }: RuleGroup): Condition {
  const inner = parts.map((part) => (isGroup(part) ? conditionOfGroup(part) : part))
  return how === 'all' ? { and: inner } : how === 'any' ? { or: inner } : { not: { or: inner } }
}

/** Without groups in which nothing stands, which would hold for nobody or for everybody. */
export function withoutEmpty(group: RuleGroup): RuleGroup {
  const parts = group.parts.map((part) => (isGroup(part) ? withoutEmpty(part) : part)).filter((part) => !isGroup(part) || part.parts.length > 0)
  return parts.length === 0 ? { how: 'all', parts } : { how: group.how, parts }
}

/** The groups with the one at a path changed; unchanged where there is none. A path names parts from outside in: [2, 0]. */
export function changeAt(group: RuleGroup, path: readonly number[], change: (group: RuleGroup) => RuleGroup): RuleGroup {
  const [at, ...further] = path
  if (at === undefined) return change(group)
  return { ...group, parts: group.parts.map((part, index) => (index === at && isGroup(part) ? changeAt(part, further, change) : part)) }
}

/** Every group with its path, outermost first. */
export function groupsIn(group: RuleGroup, path: readonly number[] = []): { group: RuleGroup; path: readonly number[] }[] {
  return [{ group, path }, ...group.parts.flatMap((part, index) => (isGroup(part) ? groupsIn(part, [...path, index]) : []))]
}

/** 'r' is the outermost group, 'r.2.0' the first part of its third. */
export function pathText(path: readonly number[]): string {
  return ['r', ...path].join('.')
}

export function readPath(text: string): number[] | undefined {
  return /^r(\.\d{1,4}){0,20}$/.test(text) ? text.split('.').slice(1).map(Number) : undefined
}
