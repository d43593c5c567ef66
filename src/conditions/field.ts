import type { Access, VisibleAttribute, VisibleColumn, VisibleSource } from '../access/access.ts'
import { operators, type FieldRef, type Operator } from '../catalog/condition.ts'

export type FieldType = 'text' | 'number' | 'date' | 'time' | 'choice' | 'multi' | 'id'

/** Something that a condition can speak of, as one operator sees it. */
export interface Field {
  ref: FieldRef
  label: string
  type: FieldType
  masked: boolean
  attribute?: VisibleAttribute
  tag?: { source: VisibleSource; column: VisibleColumn }
  /** Code of the ID type; absent for 'id', which is any ID. */
  idType?: string
}

/** Conditions on where a value is from, whatever its type. */
export const byHand: readonly Operator[] = ['hand', 'moved']

const operatorsByType: Record<FieldType, readonly Operator[]> = {
  text: ['is', 'not', 'contains', 'starts', 'empty', 'filled', ...byHand],
  choice: ['is', 'not', 'empty', 'filled', ...byHand],
  multi: ['any', 'all', 'empty', 'filled', ...byHand],
  number: ['range', 'is', 'not', 'empty', 'filled', ...byHand],
  date: ['range', 'empty', 'filled', ...byHand],
  time: ['range', 'empty', 'filled', ...byHand],
  id: ['is']
}

export function operatorsOf(type: FieldType): readonly Operator[] {
  return operatorsByType[type]
}

/** Whether a condition is complete without a value. */
export function needsNoValue(operator: Operator): boolean {
  return operator === 'empty' || operator === 'filled' || byHand.includes(operator)
}

export function isOperator(text: string): text is Operator {
  return (operators as readonly string[]).includes(text)
}

export function labelOfTag(column: { tagName: string | null; name: string }): string {
  return column.tagName ?? column.name
}

/** Several values are typed as the source writes them: its delimiter cannot be part of a value. */
export function delimiterOf(field: Field): string {
  return field.tag?.column.delimiter || '|'
}

/** The field a reference names, if this operator may see it; hidden and never there are answered alike. */
export function findField(access: Access, ref: string): Field | undefined {
  if (ref === 'id') return { ref: 'id', label: 'User ID', type: 'id', masked: false }
  const [kind, name] = splitRef(ref)
  if (kind === 'attribute') {
    const attribute = access.attribute(name)
    return attribute && fieldOfAttribute(attribute)
  }
  if (kind === 'tag') {
    const tag = /^[1-9]\d{0,8}$/.test(name) ? access.tag(Number(name)) : undefined
    return tag && fieldOfTag(tag)
  }
  if (kind !== 'id') return undefined
  const columns = access.sources.flatMap((source) => source.columns.filter((column) => column.kind === 'id' && column.idType === name))
  if (columns.length === 0) return undefined
  const label = access.idTypes.find((type) => type.code === name)?.name ?? name
  return { ref: `id:${name}`, label, type: 'id', masked: columns.every((column) => column.masked), idType: name }
}

/** A field that a condition, a sort or a suggestion may name: one that is visible and not masked. */
export function findOpenField(access: Access, ref: string): Field | undefined {
  const field = findField(access, ref)
  return field?.masked ? undefined : field
}

/** Attributes and tags, in the order of the settings pages; labels that several share carry their source as well. */
export function listFields(access: Access): Field[] {
  const fields = [...access.attributes.map(fieldOfAttribute), ...access.tags.map(fieldOfTag)]
  const times = new Map<string, number>()
  for (const { label } of fields) times.set(label.toLowerCase(), (times.get(label.toLowerCase()) ?? 0) + 1)
  return fields.map((field) => (field.tag && times.get(field.label.toLowerCase())! > 1 ? { ...field, label: `${field.label} (${field.tag.source.alias})` } : field))
}

export function fieldOfAttribute(attribute: VisibleAttribute): Field {
  return { ref: `attribute:${attribute.code}`, label: attribute.name, type: attribute.type, masked: attribute.masked, attribute }
}

export function fieldOfTag(tag: { source: VisibleSource; column: VisibleColumn }): Field {
  return { ref: `tag:${tag.column.id}`, label: labelOfTag(tag.column), type: tag.column.type, masked: tag.column.masked, tag }
}

function splitRef(ref: string): [string, string] {
  const at = ref.indexOf(':')
  return at < 0 ? ['', ref] : [ref.slice(0, at), ref.slice(at + 1)]
}
