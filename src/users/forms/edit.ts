import type { Field } from '../../conditions/field.ts'
import { readTyped } from '../typed-value.ts'
import type { Edit } from '../edit-fields.ts'
import { rawText } from './field.ts'

/** What the form of several values says of one: as it was typed, as it was shown at first, and the state it was opened on. */
export interface TypedField { field: Field; text: string; was: string; version: string }

/** The fields that the form names, as they were typed; those it leaves out stay as they are. */
export function readFields(fields: readonly Field[], body: unknown): TypedField[] {
  return fields.flatMap((field) => {
    const text = rawText(body, `value-${nameOf(field)}`)
    return text === null ? [] : [{ field, text, was: rawText(body, `was-${nameOf(field)}`) ?? '', version: rawText(body, `version-${nameOf(field)}`) ?? '' }]
  })
}

/** What a field is called in the names of the form's controls. */
export function nameOf(field: Field): string {
  return field.attribute!.code
}

/** What was touched, as it is stored, or a message for each field that cannot be taken. */
export function editsOf(typed: readonly TypedField[], now: Date, timeZone: string): { edits: Edit[] } | { messages: Map<string, string> } {
  const messages = new Map<string, string>()
  const edits = typed.filter(({ text, was }) => text !== was).flatMap((one): Edit[] => {
    const read = readTyped(one.field, one.text, now, timeZone)
    if ('value' in read) return [{ ...one, value: read.value }]
    messages.set(one.field.ref, read.message)
    return []
  })
  return messages.size ? { messages } : { edits }
}
