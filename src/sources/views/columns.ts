import { formatNumber } from '../../format.ts'
import { fieldName, formatFor, typeOf, type ColumnInput } from '../column-input.ts'
import type { Messages } from '../forms.ts'
import { attributeChoices, encryptionChoices, idTypeChoices, kindChoices, numberFormatChoices, tagTypeChoices, timeFormatChoices, type Choice } from '../labels.ts'
import type { StructureContext } from '../structure.ts'

/** A control of a row: a select where it has options, else a text field. */
export interface Control { id: string; name: string; label: string; short: string; value: string; options: Choice[]; list: string; size: '' | 'short' | 'wide'; error: string; disabled: boolean }

/** One column of the file in the form; `cells` are the columns of the table between "Read as" and "In the file". */
export interface ColumnRow {
  id: string; name: string; note: string; past: boolean
  kind: Control; cells: Control[][]; more: Control[]; moreId: string; moreOpen: boolean; sample: string; sampleWhole: string
}

export interface RowOptions {
  context: StructureContext
  messages: Messages
  timeZone: string
  /** The key keeps its kind and ID type for good once the source exists. */
  fixedKey?: { name: string; idType: string | null }
  updateTime: string | null
  keyColumn: string | null
}

type Draft = { field: keyof ColumnInput; label: string; options?: readonly Choice[]; list?: string; size?: Control['size']; disabled?: boolean }

export function columnRow(index: number, name: string, typed: ColumnInput, values: readonly string[], options: RowOptions): ColumnRow {
  const { context, messages } = options
  const type = typeOf(typed.kind, typed, context.attributes, options.updateTime === name)
  const input = { ...typed, format: formatFor(type, typed.format) }
  const control = ({ field, label, options: choices = [], list = '', size = '', disabled = false }: Draft): Control => ({
    id: fieldName(field, index), name: fieldName(field, index), label: `${name}: ${label}`, short: label, value: input[field], options: [...choices], list, size, disabled, error: messages[fieldName(field, index)] ?? ''
  })
  const fixed = options.fixedKey?.name === name && options.fixedKey.idType !== null
  const plainKey = options.fixedKey?.name === name && options.fixedKey.idType === null
  const more = moreOf(input, type).map(control)
  const sample = [...new Set(values.filter((value) => value.trim() !== ''))].slice(0, 3).join(', ')
  return {
    id: `column-${index}`, name, past: input.kind === 'ignore',
    note: [options.keyColumn === name ? 'source key' : '', options.updateTime === name ? 'update time' : ''].filter(Boolean).join(', '),
    kind: control({ field: 'kind', label: 'read as', options: plainKey ? kindChoices.filter((choice) => choice.value !== 'id') : kindChoices, disabled: fixed }),
    cells: cellsOf(input, type, context, fixed).map((cell) => cell.map(control)),
    more, moreId: `more-${index}-${input.kind}-${type}`, moreOpen: more.some((one) => one.error !== ''),
    sample: sample.slice(0, 80), sampleWhole: sample.slice(0, 300)
  }
}

function cellsOf(input: ColumnInput, type: string, context: StructureContext, fixed: boolean): Draft[][] {
  const format = formatOf(type, input.format)
  if (input.kind === 'id') {
    return [[{ field: 'idType', label: 'ID type', options: idTypeChoices(context.idTypes, input.idType), disabled: fixed }], [{ field: 'encryption', label: 'encryption', options: encryptionChoices }], []]
  }
  if (input.kind === 'attribute') return [[{ field: 'attribute', label: 'attribute', options: attributeChoices(context.attributes) }, ...format], [], []]
  if (input.kind === 'tag') {
    const delimiter: Draft[] = type === 'multi' ? [{ field: 'delimiter', label: 'separator of values', size: 'short' }] : []
    return [[{ field: 'tagType', label: 'type', options: tagTypeChoices }, ...format, ...delimiter], [{ field: 'tagName', label: 'tag name' }], [{ field: 'group', label: 'tag group', list: 'tag-groups' }]]
  }
  return [format, [], []]
}

function formatOf(type: string, format: string): Draft[] {
  if (type === 'number') return [{ field: 'format', label: 'decimal sign', options: numberFormatChoices }]
  if (type !== 'time' && type !== 'date') return []
  return [{ field: 'format', label: 'order of the date', options: format === '' ? timeFormatChoices : timeFormatChoices.slice(1) }]
}

/** What is rarely needed, behind one click. */
function moreOf(input: ColumnInput, type: string): Draft[] {
  const zone: Draft[] = type === 'time' ? [{ field: 'timeZone', label: 'time zone', list: 'time-zones' }] : []
  const empty: Draft = { field: 'emptyValues', label: 'also read as empty' }
  if (input.kind === 'tag') return [{ field: 'description', label: 'description', size: 'wide' }, empty, ...zone]
  return input.kind === 'ignore' ? zone : [empty, ...zone]
}

/** "3 IDs, 4 attributes, 4 tags, 1 ignored". */
export function summaryOf(columns: readonly { kind: string }[]): string {
  const count = (kind: string) => columns.filter((column) => column.kind === kind).length
  const part = (kind: string, one: string, many: string) => (count(kind) === 0 ? [] : [`${formatNumber(count(kind))} ${count(kind) === 1 ? one : many}`])
  return [...part('id', 'ID', 'IDs'), ...part('attribute', 'attribute', 'attributes'), ...part('tag', 'tag', 'tags'), ...part('ignore', 'ignored', 'ignored')].join(', ')
}
