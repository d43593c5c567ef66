import type { IdType } from '../catalog/catalog.ts'
import { isOn, textOf, wholeNumber } from '../form.ts'
import type { FieldMessages } from '../problem.ts'
import { maxPriority, problemsOfIdType } from './id-type.ts'

/** The form of an ID type as typed. */
export interface IdTypeInput { code: string; name: string; priority: string; single: boolean; enabled: boolean; mapping: boolean }

export function readIdType(body: unknown): IdTypeInput {
  return {
    code: textOf(body, 'code').toUpperCase(), name: textOf(body, 'name'), priority: textOf(body, 'priority'),
    single: textOf(body, 'single') === 'single', enabled: isOn(body, 'enabled'), mapping: isOn(body, 'mapping')
  }
}

export function inputOfIdType(type: IdType): IdTypeInput {
  return { ...type, priority: String(type.priority) }
}

export type ParsedIdType = { messages: FieldMessages; changed: undefined } | { messages: undefined; changed: IdType[] }

/** Checks what was typed about a type: the types that change with it (two, where `swap` exchanges priorities), or messages. */
export function parseIdType(input: IdTypeInput, known: IdType | undefined, all: readonly IdType[], swap: boolean): ParsedIdType {
  const priority = wholeNumber(input.priority, 1, maxPriority)
  const type: IdType = { ...(known ?? { id: 0, preset: false }), ...input, code: known?.code ?? input.code, priority: priority ?? 0 }
  let others = all.filter((other) => other.id !== known?.id)
  const holder = swap && known ? others.find((other) => other.priority === priority) : undefined
  const moved = holder && known ? [{ ...holder, priority: known.priority }] : []
  others = others.map((other) => moved.find((one) => one.id === other.id) ?? other)
  const messages = problemsOfIdType(type, others)
  if (priority === undefined) messages['priority'] = `A priority is a whole number from 1 to ${maxPriority}; 1 comes first.`
  return Object.keys(messages).length ? { messages, changed: undefined } : { messages: undefined, changed: [type, ...moved] }
}

export interface MappingInput { overSharedLimit: string; placeholders: string }

export function readMapping(body: unknown): MappingInput {
  return { overSharedLimit: textOf(body, 'overSharedLimit'), placeholders: textOf(body, 'placeholders') }
}

const most = { placeholders: 1000, length: 200 }

export function parseMapping(input: MappingInput): { messages: FieldMessages; value: undefined } | { messages: undefined; value: { overSharedLimit: number; placeholders: string[] } } {
  const messages: FieldMessages = {}
  const overSharedLimit = wholeNumber(input.overSharedLimit, 2, 100_000)
  if (overSharedLimit === undefined) messages['overSharedLimit'] = 'Type a whole number from 2 to 100,000.'
  const placeholders = [...new Set(input.placeholders.split('\n').map((line) => line.trim()).filter(Boolean))]
  const long = placeholders.find((line) => line.length > most.length)
  if (placeholders.length > most.placeholders) messages['placeholders'] = `At most ${most.placeholders} placeholders can be kept.`
  else if (long) messages['placeholders'] = `A placeholder can have at most ${most.length} characters: “${long.slice(0, 40)}…”.`
  if (overSharedLimit === undefined || Object.keys(messages).length) return { messages, value: undefined }
  return { messages: undefined, value: { overSharedLimit, placeholders } }
}
