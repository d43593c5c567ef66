import { delimiterOf, type Field } from '../../conditions/field.ts'
import { formatValue } from '../format-value.ts'

/** The control that fits the type of a field, finished for users/_control.eta. */
export interface ControlModel {
  id: string; name: string; value: string
  control: 'text' | 'textarea' | 'select' | 'date' | 'datetime-local'
  inputmode: '' | 'numeric' | 'decimal'
  /** Of a time with seconds. */
  step: string
  options: { value: string; label: string; chosen: boolean }[]
  /** Values to offer while typing. */
  offers: readonly string[]
  /** Id of the text that says how, or what is wrong. */
  note: string
  wrong: boolean; autofocus: boolean
}

const longLine = 60

export function controlModel(field: Field, value: string, rest: Pick<ControlModel, 'id' | 'name'> & Partial<ControlModel>): ControlModel {
  return { value, control: controlOf(field, value), inputmode: inputmodeOf(field), step: field.type === 'time' && value.length > 16 ? '1' : '', options: optionsOf(field, value), offers: [], note: '', wrong: false, autofocus: false, ...rest }
}

/** What cannot be shown by the fitting control, such as a wrong date from a request of another kind, stands in a text field. */
function controlOf(field: Field, value: string): ControlModel['control'] {
  if (field.type === 'multi') return 'textarea'
  if (field.type === 'choice') return 'select'
  if (field.type === 'date') return value === '' || /^\d{4}-\d\d-\d\d$/.test(value) ? 'date' : 'text'
  if (field.type === 'time') return value === '' || /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(value) ? 'datetime-local' : 'text'
  return field.type === 'text' && (value.length > longLine || value.includes('\n')) ? 'textarea' : 'text'
}

function inputmodeOf(field: Field): ControlModel['inputmode'] {
  if (field.type !== 'number') return ''
  return field.attribute?.code === 'age' ? 'numeric' : 'decimal'
}

/** The choices, none of them, and what is there now where it is neither. */
function optionsOf(field: Field, value: string): ControlModel['options'] {
  if (field.type !== 'choice') return []
  const choices = ['', ...(field.attribute?.choices ?? [])]
  return [...choices, ...(choices.includes(value) ? [] : [value])].map((choice) => ({ value: choice, label: choice === '' ? '–' : formatValue('choice', choice, 'UTC'), chosen: choice === value }))
}

/** How a value is saved, for who opened its editor. */
export function helpOf(field: Field, control: ControlModel['control'], timeZone: string): string {
  if (field.type === 'multi') return `One value a line, or separated by ${delimiterOf(field)}. Ctrl+Enter or a click elsewhere saves, Esc leaves it.`
  if (control === 'textarea') return 'Ctrl+Enter or a click elsewhere saves, Esc leaves it.'
  const zone = field.type === 'time' ? `Time in ${timeZone}. ` : ''
  return control === 'select' ? 'A click elsewhere saves, Esc leaves it.' : `${zone}Enter or a click elsewhere saves, Esc leaves it.`
}
