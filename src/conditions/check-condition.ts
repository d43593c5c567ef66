import type { Access } from '../access/access.ts'
import { isLeaf, isSimple, partsIn, type Condition, type Leaf } from '../catalog/condition.ts'
import { byHand, findOpenField, needsNoValue, operatorsOf, type Field } from './field.ts'

export const unknownField = 'A condition names a field that does not exist here.'
export const unknownAudience = 'A condition names a user group that does not exist here.'

/**
 * What is wrong with a condition, in one sentence, or undefined. Only conditions that passed here are made into SQL. A
 * field that is hidden or masked is answered exactly like one that does not exist.
 */
export function problemOf(access: Access, condition: Condition): string | undefined {
  if (isLeaf(condition)) return problemOfLeaf(access, condition)
  if ('noTag' in condition) return undefined
  if ('handSet' in condition) return condition.handSet.source === null || access.source(condition.handSet.source) ? undefined : unknownField
  if ('audience' in condition) return condition.audience.ids.every((id) => access.audience(id)) ? undefined : unknownAudience
  return partsIn(condition).map((part) => problemOf(access, part)).find((problem) => problem !== undefined)
}

/** The same for a condition on the rows of a source, which can ask what a row holds and what is known of its user, and nothing else. */
export function problemOfRows(access: Access, condition: Condition): string | undefined {
  if (isLeaf(condition)) return byHand.includes(condition.operator) || condition.field.startsWith('id') ? unknownField : problemOfLeaf(access, condition)
  if (isSimple(condition)) return unknownField
  const inner = partsIn(condition)
  if (inner.length === 0) return unknownField
  return inner.map((part) => problemOfRows(access, part)).find((problem) => problem !== undefined)
}

function problemOfLeaf(access: Access, leaf: Leaf): string | undefined {
  const field = findOpenField(access, leaf.field)
  return field ? problemOfTest(field, leaf) : unknownField
}

/** What is wrong with asking a field of this type that way, or undefined. */
export function problemOfTest(field: Pick<Field, 'label' | 'type'>, leaf: Leaf): string | undefined {
  if (!operatorsOf(field.type).includes(leaf.operator)) return `${field.label} cannot be asked that way: choose another condition for it.`
  return problemOfValues(field, leaf)
}

/** No value is longer than this. */
const longest = 10_000

function problemOfValues(field: Pick<Field, 'label' | 'type'>, { operator, values }: Leaf): string | undefined {
  if (values.some((value) => value.length > longest)) return `A value of ${field.label} can have at most 10,000 characters.`
  if (needsNoValue(operator)) return values.length ? `“${field.label}” needs no value here.` : undefined
  if (operator === 'range') return problemOfRange(field, values)
  if (values.every((value) => value.trim() === '')) return `Type a value for ${field.label}.`
  if (field.type === 'number') return values.map((value) => problemOfValue(field, value)).find((problem) => problem !== undefined)
  return undefined
}

function problemOfRange(field: Pick<Field, 'label' | 'type'>, values: string[]): string | undefined {
  if (values.length !== 2 || values.every((value) => value === '')) return `Type where ${field.label} begins, where it ends, or both.`
  return values.filter((value) => value !== '').map((value) => problemOfValue(field, value)).find((problem) => problem !== undefined)
}

function problemOfValue(field: Pick<Field, 'label' | 'type'>, value: string): string | undefined {
  if (field.type === 'number') return isNumber(value) ? undefined : `“${short(value)}” is not a number. Write it with digits and a decimal point, such as 1250.5.`
  const fits = field.type === 'date' ? isDate(value) : isDate(value) || isMinute(value)
  return fits ? undefined : `“${short(value)}” is not a date. Write it as year, month and day, such as 2026-06-30.`
}

/** Digits within what numeric columns hold; an exponent is not something people type. */
export function isNumber(text: string): boolean {
  return /^[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})$/.test(text)
}

/** A day that exists: 2024-02-30 does not. */
export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (!match) return false
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  const date = new Date(Date.UTC(2000, month - 1, day))
  date.setUTCFullYear(year, month - 1, day)
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

export function isMinute(text: string): boolean {
  const match = /^(\S{10})[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.exec(text)
  return match !== null && isDate(match[1]!)
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
