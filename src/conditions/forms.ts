import type { Access } from '../access/access.ts'
import { audienceWays, type AudienceWay, type Condition, type Operator } from '../catalog/condition.ts'
import { problemOf, unknownField } from './check-condition.ts'
import { byHand, delimiterOf, isOperator, listFields, needsNoValue, operatorsOf, type Field } from './field.ts'
import { allOf, oneOf, type Params } from './params.ts'

/** The entry of the field list that stands for "has no tag at all". */
export const anyTag = 'Any tag'
/** The one that stands for all tags and attributes: whether any was set by hand. */
export const anyValue = 'Any value'

/** The one that stands for audiences, as the list of users calls them. */
export const userGroup = 'User group'

/** What stands in the editor of a new condition, as it was typed. */
export interface EditorInput { label: string; operator: Operator; value: string; to: string; ticked: string[]; /** Further values, one a line. */ pasted: string }

export type ChosenField = Field | typeof anyTag | typeof anyValue | typeof userGroup | null

/** Whether a single attribute or tag was chosen. */
export function isField(chosen: ChosenField): chosen is Field {
  return typeof chosen === 'object' && chosen !== null
}

/**
 * Whom the condition selects: users of a list, or rows of one source for a role. Of a row can be asked what it holds and its
 * user's attributes, not whether the user has any tag or who set a value.
 */
export type Selects = 'users' | 'rows'

export function readEditor(params: Params): EditorInput {
  const operator = oneOf(params, 'operator')
  return {
    label: oneOf(params, 'field').trim(), operator: isOperator(operator) ? operator : 'is',
    value: oneOf(params, 'value'), to: oneOf(params, 'to'), ticked: allOf(params, 'ticked').filter((value) => value !== ''), pasted: oneOf(params, 'pasted')
  }
}

/** The field that a typed label names; its reference does as well, so that links can name it. */
export function chosenField(access: Access, label: string, selects: Selects = 'users'): ChosenField {
  if (selects === 'users' && label.toLowerCase() === anyTag.toLowerCase()) return anyTag
  if (selects === 'users' && label.toLowerCase() === anyValue.toLowerCase()) return anyValue
  if (selects === 'users' && label.toLowerCase() === userGroup.toLowerCase() && access.audiences.length > 0) return userGroup
  const fields = listFields(access).filter((field) => !field.masked)
  return fields.find((field) => field.ref === label) ?? fields.find((field) => field.label.toLowerCase() === label.toLowerCase()) ?? null
}

export function operatorsFor(field: ChosenField, selects: Selects = 'users'): readonly Operator[] {
  if (field === anyValue) return byHand
  if (field === anyTag) return ['empty', 'filled']
  if (field === userGroup) return audienceWays
  const possible = operatorsOf(field?.type ?? 'text')
  return selects === 'users' ? possible : possible.filter((operator) => !byHand.includes(operator))
}

/** The condition that was typed, or what is missing. */
export function conditionFrom(access: Access, input: EditorInput, selects: Selects = 'users'): { condition: Condition } | { message: string } {
  if (input.label === '') return { message: 'Choose an attribute or a tag.' }
  const field = chosenField(access, input.label, selects)
  if (field === null) return { message: unknownField.replace('A condition names a field', `“${short(input.label)}” is a field`) }
  if (!operatorsFor(field, selects).includes(input.operator)) return { message: 'Choose a condition that fits the field, and a value.' }
  if (field === anyTag) return { condition: input.operator === 'empty' ? { noTag: true } : { not: { noTag: true } } }
  if (field === anyValue) return { condition: { handSet: { moved: input.operator === 'moved', source: null } } }
  if (field === userGroup) {
    const ids = [...new Set(input.ticked.map(Number))].filter((id) => access.audience(id))
    return ids.length ? { condition: { audience: { how: input.operator as AudienceWay, ids } } } : { message: 'Tick at least one user group.' }
  }
  const condition: Condition = { field: field.ref, operator: input.operator, values: valuesOf(field, input) }
  const message = problemOf(access, condition)
  return message ? { message } : { condition }
}

function valuesOf(field: Field, input: EditorInput): string[] {
  if (needsNoValue(input.operator)) return []
  if (input.operator === 'range') return [number(field, input.value), number(field, input.to)]
  const pasted = input.pasted.split(/[\n\r]/).map((line) => number(field, line)).filter((line) => line !== '')
  if (field.type !== 'multi') {
    const first = number(field, input.value)
    return [...new Set([...(first !== '' || pasted.length === 0 ? [first] : []), ...pasted])]
  }
  const typed = input.value.split(/[\n\r]/).flatMap((line) => line.split(delimiterOf(field))).map((value) => value.trim()).filter((value) => value !== '')
  return [...new Set([...input.ticked, ...typed, ...pasted])]
}

/** Separators of thousands are for people. */
function number(field: Field, text: string): string {
  return field.type === 'number' ? text.trim().replace(/(?<=\d),(?=\d{3})/g, '') : text.trim()
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
