import type { Access } from '../access/access.ts'
import { isLeaf, isSimple, type AudienceWay, type Condition, type HandSet, type InAudience, type Operator } from '../catalog/condition.ts'
import { findField, needsNoValue, type FieldType } from './field.ts'

/** A piece of a sentence; strong ones are what was asked for. */
export interface Part { text: string; strong: boolean }

export const operatorLabels: Record<Operator, string> = {
  is: 'is', not: 'is not', contains: 'contains', starts: 'starts with', empty: 'is empty', filled: 'is not empty',
  any: 'contains any of', all: 'contains all of', range: 'is between', hand: 'is set by hand', moved: 'is set by hand, source has changed since', none: 'is none of'
}

const shown = 3

/** A condition as a person says it: "Likes contains any of tea, hiking, camping and 14 more". */
export function describe(access: Access, condition: Condition): Part[] {
  if (isLeaf(condition)) {
    const field = findField(access, condition.field)
    return [plain(`${field?.label ?? 'Unknown field'} `), ...describeLeaf(field?.type ?? 'text', condition.operator, condition.values)]
  }
  if ('noTag' in condition) return [plain('Has no tag at all')]
  if ('handSet' in condition) return describeHandSet(access, condition.handSet)
  if ('audience' in condition) return describeAudience(access, condition.audience)
  if ('not' in condition) return [plain('not ('), ...describe(access, condition.not), plain(')')]
  const [inner, word] = 'and' in condition ? [condition.and, ' and '] : [condition.or, ' or ']
  return inner.flatMap((part, index) => {
    const said = isSimple(part) ? describe(access, part) : [plain('('), ...describe(access, part), plain(')')]
    return index === 0 ? said : [plain(word), ...said]
  })
}

export function describeText(access: Access, condition: Condition): string {
  return describe(access, condition).map((part) => part.text).join('')
}

/** What to call the field of a condition in the name of a button. */
export function subjectOf(access: Access, condition: Condition): string {
  if (isLeaf(condition)) return findField(access, condition.field)?.label ?? 'an unknown field'
  return 'noTag' in condition ? 'tags' : 'handSet' in condition ? 'hand-set values' : 'audience' in condition ? 'user groups' : 'several fields'
}

export const audienceLabels: Record<AudienceWay, string> = { any: 'is in any of', all: 'is in all of', none: 'is in none of' }

function describeAudience(access: Access, { how, ids }: InAudience['audience']): Part[] {
  const names = ids.map((id) => access.audience(id)?.name ?? 'an unknown user group')
  const listed = names.slice(0, shown).flatMap((name, index) => [...(index ? [plain(', ')] : []), strong(name)])
  const said = ids.length > 1 ? audienceLabels[how] : how === 'none' ? 'is not in' : 'is in'
  return [plain(`User group ${said} `), ...listed, ...(names.length > shown ? [plain(` and ${names.length - shown} more`)] : [])]
}

function describeHandSet(access: Access, { moved, source }: HandSet['handSet']): Part[] {
  const of = source === null ? [] : [plain(' of '), strong(access.source(source)?.alias ?? 'an unknown source')]
  return [plain('Any value'), ...of, plain(` ${operatorLabels[moved ? 'moved' : 'hand']}`)]
}

function describeLeaf(type: FieldType, operator: Operator, values: string[]): Part[] {
  if (needsNoValue(operator)) return [plain(operatorLabels[operator])]
  if (operator === 'range') return describeRange(type, values)
  const listed = values.slice(0, shown).flatMap((value, index) => [...(index ? [plain(', ')] : []), strong(value === '' ? 'empty' : value)])
  const more = values.length > shown ? [plain(` and ${values.length - shown} more`)] : []
  const said = values.length > 1 && operator === 'is' ? 'is one of' : values.length > 1 && operator === 'not' ? 'is none of' : operatorLabels[operator]
  return [plain(`${said} `), ...listed, ...more]
}

function describeRange(type: FieldType, [from = '', to = '']: string[]): Part[] {
  const open = type === 'number' ? ['at least ', 'at most '] : ['from ', 'until ']
  if (from && to) return [plain('from '), strong(from.replace('T', ' ')), plain(' to '), strong(to.replace('T', ' '))]
  return from ? [plain(open[0]!), strong(from.replace('T', ' '))] : [plain(open[1]!), strong(to.replace('T', ' '))]
}

function plain(text: string): Part {
  return { text, strong: false }
}

function strong(text: string): Part {
  return { text, strong: true }
}

