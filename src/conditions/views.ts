import type { Access } from '../access/access.ts'
import type { AudienceWay, Condition, Operator } from '../catalog/condition.ts'
import { formatNumber } from '../format.ts'
import type { Samples } from '../http/views.ts'
import { delimiterOf, listFields } from './field.ts'
import { anyTag, anyValue, userGroup, isField, operatorsFor, type ChosenField, type EditorInput, type Selects } from './forms.ts'
import { audienceLabels, describe, operatorLabels, subjectOf, type Part } from './labels.ts'

export interface ChipModel { parts: Part[]; about: string; number: number }

/** The open editor of a new condition. */
export interface EditorModel {
  fields: string[]; field: string
  operators: { value: string; label: string; chosen: boolean }[]
  /** What is typed: one text, several values, a range, or nothing. */
  input: 'text' | 'several' | 'range' | 'ticks' | 'none'
  /** Type of the input elements: text, number-like text, date or date and time. */
  inputType: 'text' | 'date' | 'datetime-local'
  numeric: boolean; value: string; to: string; help: string
  ticks: { value: string; label: string; count: string; ticked: boolean }[]
  /** A list of values, one a line; null where none can be given. */
  pasted: string | null
  /** Address that answers values while typing; '' where none are offered. */
  suggest: string
  suggestions: string[]
  message: string
  /** Address that shows the editor anew for another field. */
  refresh: string
  /** Address without the editor, or '' where the form itself leaves it. */
  cancel: string
}

/** Where an editor stands: whom it selects, the addresses that answer it and its values, and the way back. */
export interface EditorPlace { selects: Selects; /** A list of any length may be pasted. */ lists?: boolean; refresh: string; suggest: string; cancel: string }

export interface Frequent { value: string; count: number }

declare module '../http/views.ts' {
  interface Views {
    'conditions/_editor': EditorModel
    'conditions/_suggestions': { values: string[] }
    'conditions/_chip': { chip: ChipModel }
  }
}

/** Conditions as chips that can be removed one by one. */
export function chipsOf(access: Access, conditions: readonly Condition[]): ChipModel[] {
  return conditions.map((condition, index) => ({ parts: describe(access, condition), about: subjectOf(access, condition), number: index + 1 }))
}
export function editorModel(access: Access, input: EditorInput, field: ChosenField, frequent: readonly Frequent[], message: string, place: EditorPlace): EditorModel {
  const possible = operatorsFor(field, place.selects)
  const operator = possible.includes(input.operator) ? input.operator : possible[0]!
  const type = isField(field) ? field.type : 'text'
  const offers = isField(field) && (type === 'text' || type === 'choice' || type === 'multi')
  const several = type === 'multi'
  return {
    fields: [...listFields(access).filter((one) => !one.masked).map((one) => one.label), ...(place.selects === 'rows' ? [] : [...(access.audiences.length ? [userGroup] : []), ...(access.tags.length ? [anyTag] : []), anyValue])],
    field: isField(field) ? labelIn(access, field.ref) : input.label,
    operators: possible.map((value) => ({ value, label: field === anyTag ? anyTagLabels[value] ?? '' : field === userGroup ? audienceLabels[value as AudienceWay] : operatorLabels[value], chosen: value === operator })),
    input: field === anyTag || field === anyValue ? 'none' : field === userGroup ? 'ticks' : several ? 'several' : possible.includes('range') ? 'range' : 'text',
    inputType: type === 'date' ? 'date' : type === 'time' ? 'datetime-local' : 'text',
    numeric: type === 'number', value: input.value, to: input.to,
    help: several && isField(field) ? `Several are separated by ${delimiterOf(field)}` : type === 'number' ? '“Is” takes the first of the two.' : '',
    ticks: field === userGroup
      ? access.audiences.map(({ id, name }) => ({ value: String(id), label: name, count: '', ticked: input.ticked.includes(String(id)) }))
      : several ? frequent.map(({ value, count }) => ({ value, label: value, count: formatNumber(count), ticked: input.ticked.includes(value) })) : [],
    pasted: place.lists && isField(field) && ['text', 'choice', 'multi', 'number'].includes(type) ? input.pasted : null,
    suggest: offers ? `${place.suggest}?field=${encodeURIComponent(field.ref)}` : '',
    suggestions: several ? [] : frequent.map(({ value }) => value),
    message, refresh: place.refresh, cancel: place.cancel
  }
}

const anyTagLabels: Partial<Record<Operator, string>> = { empty: 'has no value at all', filled: 'has a value' }

function labelIn(access: Access, ref: string): string {
  return listFields(access).find((field) => field.ref === ref)?.label ?? ''
}

const editor: EditorModel = {
  fields: ['City', 'Likes'], field: '', operators: [{ value: 'contains', label: 'contains', chosen: true }, { value: 'is', label: 'is', chosen: false }],
  input: 'text', inputType: 'text', numeric: false, value: '', to: '', help: '', ticks: [], pasted: null, suggest: '', suggestions: [], message: '', refresh: '/users/conditions/editor', cancel: '/users'
}
/** With everything that an editor can show. */
export const sampleEditor: EditorModel = {
  ...editor, field: 'Likes', input: 'several', help: 'Several are separated by |', suggest: '/users/suggestions?field=tag%3A7', suggestions: ['tea'],
  ticks: [{ value: 'tea', label: 'tea', count: '1,204', ticked: true }, { value: 'R&D', label: 'R&D', count: '2', ticked: false }], message: 'Type or tick a value.'
}
const rangeEditor: EditorModel = { ...editor, field: 'Points', input: 'range', numeric: true, value: '1', to: '9', help: '“Is” takes the first of the two.' }


/** Models for each view, to render it alone. */
export const samples: Samples = {
  'conditions/_editor': [editor, { ...editor, field: 'User group', input: 'ticks', ticks: [{ value: '3', label: 'Gold in Berlin', count: '', ticked: false }] }, { ...editor, field: 'City', pasted: 'Berlin' }, sampleEditor, rangeEditor, { ...rangeEditor, inputType: 'date', numeric: false, help: '' }, { ...editor, field: 'Any tag', input: 'none', cancel: '' }],
  'conditions/_suggestions': { values: ['tea', '"quoted"'] },
  'conditions/_chip': { chip: { parts: [{ text: 'Likes contains any of ', strong: false }, { text: 'tea', strong: true }], about: 'Likes', number: 1 } }
}
