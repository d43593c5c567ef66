import type { Attribute } from '../catalog/catalog.ts'
import type { ColumnKind, ColumnSpec, Encryption, ValueType } from '../catalog/column.ts'
import { storable } from '../form.ts'

/** One column as it stands in a form: all text, also what the chosen kind does not show. */
export interface ColumnInput {
  kind: string; idType: string; encryption: string; attribute: string; tagType: string; delimiter: string; tagName: string; group: string
  format: string; timeZone: string; description: string; emptyValues: string
}

/** Short names, as a form may have 400 rows of them: field k12 is the kind of column 12. */
const prefixes: Record<keyof ColumnInput, string> = {
  kind: 'k', idType: 'i', encryption: 'e', attribute: 'a', tagType: 't', delimiter: 'd', tagName: 'n', group: 'g', format: 'f', timeZone: 'z', description: 'x', emptyValues: 'v'
}

export function fieldName(field: keyof ColumnInput, index: number): string {
  return `${prefixes[field]}${index}`
}

/** A posted field: undefined where it was not on the page. */
export function postedField(body: unknown, name: string): string | undefined {
  const text = (body as Record<string, unknown> | undefined)?.[name]
  return typeof text === 'string' ? storable(text) : undefined
}

/** What was posted for a column; a field that its kind did not show is as it was proposed. */
export function readColumnInput(body: unknown, index: number, otherwise: ColumnInput): ColumnInput {
  const fields = Object.keys(prefixes) as (keyof ColumnInput)[]
  return Object.fromEntries(fields.map((field) => [field, postedField(body, fieldName(field, index)) ?? otherwise[field]])) as unknown as ColumnInput
}

export function inputFromSpec(spec: ColumnSpec): ColumnInput {
  return {
    kind: spec.kind, idType: spec.idType ?? '', encryption: spec.encryption ?? 'unencrypted', attribute: spec.attribute ?? '',
    tagType: ['text', 'number', 'time', 'multi'].includes(spec.type) ? spec.type : spec.type === 'date' ? 'time' : 'text',
    delimiter: spec.delimiter ?? '', tagName: spec.tagName ?? nameFromHeader(spec.name), group: (spec.group ?? []).join(' > '),
    format: spec.format ?? '', timeZone: spec.timeZone ?? '', description: spec.description ?? '', emptyValues: (spec.emptyValues ?? []).join(', ')
  }
}

/** What is read of a column: only what its kind and type have. */
export function specFromInput(name: string, input: ColumnInput, attributes: readonly Pick<Attribute, 'code' | 'type'>[], isUpdateTime = false): ColumnSpec {
  const kind = (['id', 'attribute', 'tag', 'ignore'].includes(input.kind) ? input.kind : 'ignore') as ColumnKind
  const type = typeOf(kind, input, attributes, isUpdateTime)
  const spec: ColumnSpec = {
    name, kind, type,
    format: formatFor(type, input.format) || null, timeZone: type === 'time' ? input.timeZone.trim() || null : null,
    emptyValues: input.emptyValues.split(',').map((value) => value.trim()).filter(Boolean)
  }
  if (kind === 'id') return { ...spec, idType: input.idType || null, encryption: (input.encryption || 'unencrypted') as Encryption }
  if (kind === 'attribute') return { ...spec, attribute: input.attribute || null }
  if (kind !== 'tag') return spec
  return {
    ...spec, delimiter: type === 'multi' ? readDelimiter(input.delimiter) : null, tagName: input.tagName.trim(), group: readGroup(input.group), description: input.description.trim() || null
  }
}

/** How the cells of a column are read, given what was chosen for it. */
export function typeOf(kind: string, input: ColumnInput, attributes: readonly Pick<Attribute, 'code' | 'type'>[], isUpdateTime = false): ValueType {
  if (kind === 'attribute') return attributes.find((one) => one.code === input.attribute)?.type ?? 'text'
  if (kind === 'tag') return input.tagType as ValueType
  return kind === 'ignore' && isUpdateTime ? 'time' : 'text'
}

/** The format that a type can have: what was chosen for another type is none. */
export function formatFor(type: ValueType, format: string): string {
  const decimal = format === '.' || format === ','
  return type === 'number' ? (decimal ? format : '') : type === 'time' || type === 'date' ? (decimal ? '' : format) : ''
}

/** "Interests > Outdoor" as a path; nothing or "Uncategorized" is no group. */
export function readGroup(text: string): string[] {
  const path = text.trim() === '' ? [] : text.split('>').map((name) => name.trim())
  return path.length === 1 && path[0]?.toLowerCase() === 'uncategorized' ? [] : path
}

/** White space may be what separates the values, so it is kept; a tab can be typed as \t. */
function readDelimiter(text: string): string | null {
  return text.replaceAll('\\t', '\t') || null
}

/** "last_visit" as people would write it: "Last visit". */
export function nameFromHeader(header: string): string {
  const words = header.replace(/([a-z\d])([A-Z])/g, '$1 $2').replace(/[_\s]+/g, ' ').trim()
  return words === '' ? header : (words[0] as string).toUpperCase() + words.slice(1)
}
