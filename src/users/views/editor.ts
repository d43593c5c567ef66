import type { Access } from '../../access/access.ts'
import { operatorLabels } from '../../conditions/labels.ts'
import { listFields } from '../../conditions/field.ts'
import type { Operator } from '../../catalog/condition.ts'
import { formatNumber } from '../../format.ts'
import { anyTag, anyValue, isField, operatorsFor, type ChosenField, type EditorInput } from '../forms/condition.ts'
import type { Frequent } from '../queries/suggestions.ts'
import { delimiterOf } from '../typed-value.ts'
import type { EditorModel } from './query-form.ts'

/** The editor of a new condition for what was chosen so far; `frequent` are values to offer. */
export function editorModel(access: Access, input: EditorInput, field: ChosenField, frequent: Frequent[], message: string, cancel: string): EditorModel {
  const possible = operatorsFor(field)
  const operator = possible.includes(input.operator) ? input.operator : possible[0]!
  const type = isField(field) ? field.type : 'text'
  const offers = isField(field) && (type === 'text' || type === 'choice' || type === 'multi')
  const several = type === 'multi'
  return {
    fields: [...listFields(access).filter((one) => !one.masked).map((one) => one.label), ...(access.tags.length ? [anyTag] : []), anyValue],
    field: isField(field) ? labelIn(access, field.ref) : input.label,
    operators: possible.map((value) => ({ value, label: field === anyTag ? anyTagLabels[value] ?? '' : operatorLabels[value], chosen: value === operator })),
    input: field === anyTag || field === anyValue ? 'none' : several ? 'several' : possible.includes('range') ? 'range' : 'text',
    inputType: type === 'date' ? 'date' : type === 'time' ? 'datetime-local' : 'text',
    numeric: type === 'number', value: input.value, to: input.to,
    help: several && isField(field) ? `Several are separated by ${delimiterOf(field)}` : type === 'number' ? '“Is” takes the first of the two.' : '',
    ticks: several ? frequent.map(({ value, count }) => ({ value, count: formatNumber(count), ticked: input.ticked.includes(value) })) : [],
    suggest: offers ? `/users/suggestions?field=${encodeURIComponent(field.ref)}` : '',
    suggestions: several ? [] : frequent.map(({ value }) => value),
    message, cancel
  }
}

const anyTagLabels: Partial<Record<Operator, string>> = { empty: 'has no value at all', filled: 'has a value' }

function labelIn(access: Access, ref: string): string {
  return listFields(access).find((field) => field.ref === ref)?.label ?? ''
}
