import type { Schema } from './document.ts'

/** What a field may be, in words; `href` leads to the part of it that has a name. */
export interface TypeText { text: string; schema: string }
export interface FieldLine { name: string; type: TypeText; required: boolean; says: string }

/** The fields of an object, those of objects inside it as a.b and those of the items of a list as a[].b. */
export function fieldLines(schema: Schema | undefined, before = ''): FieldLine[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([name, inner]) => {
    const required = schema?.required?.includes(name) ?? false
    const place = `${before}${name}`
    const line = { name: place, type: typeText(inner), required, says: saysOf(inner) }
    if (inner.properties) return [line, ...fieldLines(inner, `${place}.`)]
    return inner.items?.properties ? [line, ...fieldLines(inner.items, `${place}[].`)] : [line]
  })
}

/** The type of a field in few words. */
export function typeText(schema: Schema): TypeText {
  const name = nameIn(schema)
  if (name) return { text: name, schema: name }
  if (schema.items) { const { text, schema: inner } = typeText(schema.items); return { text: `list of ${text}`, schema: inner } }
  if (schema.anyOf) {
    const parts = schema.anyOf.map(typeText)
    return { text: parts.map(({ text }) => text).join(' or '), schema: parts.find((part) => part.schema)?.schema ?? '' }
  }
  if (typeof schema.additionalProperties === 'object') { const { text, schema: inner } = typeText(schema.additionalProperties); return { text: `${text} by name`, schema: inner } }
  if (schema.enum) return { text: schema.enum.join(', '), schema: '' }
  if (schema.type === 'string') return { text: schema.format === 'date-time' ? 'time' : schema.format === 'binary' ? 'file' : 'text', schema: '' }
  return { text: { integer: 'whole number', boolean: 'true or false', null: 'null', object: 'object' }[schema.type ?? ''] ?? schema.type ?? 'anything', schema: '' }
}

function nameIn(schema: Schema): string {
  return schema.$ref?.split('/').at(-1) ?? ''
}

function saysOf(schema: Schema): string {
  const range = schema.minimum !== undefined && schema.maximum !== undefined ? `From ${schema.minimum} to ${schema.maximum}.` : schema.maxItems !== undefined ? `At most ${schema.maxItems}.` : ''
  return [schema.description ?? '', range].filter(Boolean).join(' ')
}
