import type { FieldMessages } from './problem.ts'

export interface Option { value: string; label: string }

/** One labelled control of a form, finished for views/shared/_field.eta. */
export interface FormField {
  id: string; label: string; control: 'text' | 'password' | 'number' | 'time' | 'date' | 'textarea' | 'select' | 'switch'
  value: string; checked: boolean; options: Option[]; help: string; error: string; disabled: boolean; autofocus: boolean
}

export type FieldDraft = Pick<FormField, 'id' | 'label'> & Partial<FormField>

/** Fills in what a draft leaves out. The cursor stands in the first field with a message. */
export function formFields(drafts: FieldDraft[], messages: FieldMessages = {}): FormField[] {
  const first = drafts.find((draft) => messages[draft.id])?.id
  return drafts.map((draft) => ({
    control: 'text', value: '', checked: false, options: [], help: '', disabled: false, ...draft, error: messages[draft.id] ?? '', autofocus: draft.id === first
  }))
}

/** A text as PostgreSQL holds it, in columns of text and of JSON: without NUL, and without a half of a character of two halves. */
export function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

/** A field that people typed: a repeated or missing one is empty. */
export function textOf(body: unknown, name: string): string {
  const text = (body as Record<string, unknown> | null | undefined)?.[name]
  return typeof text === 'string' ? storable(text).replaceAll('\r\n', '\n').trim() : ''
}

/** Every value of a field that may come several times. */
export function allTexts(body: unknown, name: string): string[] {
  const texts = (body as Record<string, unknown> | null | undefined)?.[name]
  return (texts === undefined ? [] : [texts].flat()).map((text) => storable(String(text)).replaceAll('\r\n', '\n'))
}

export function isOn(body: unknown, name: string): boolean {
  return textOf(body, name) === 'on'
}

export function isEmailAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>"]+@[^\s@<>"]+$/.test(text)
}

/** A time zone that this Node knows, offsets such as +08:00 included. */
export function isKnownTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format() !== ''
  } catch {
    return false
  }
}

/** A whole number between two others, or undefined. */
export function wholeNumber(text: string, least: number, most: number): number | undefined {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN
  return number >= least && number <= most ? number : undefined
}

const options: Option[] = [{ value: 'a', label: 'A' }, { value: 'b', label: 'B' }]
const samplesOf = (control: FormField['control']): FieldDraft[] => [
  { id: `${control}-plain`, label: 'Plain', control, value: 'a', checked: true, options, help: 'Said below it.' }, { id: `${control}-wrong`, label: 'Wrong', control, options }, { id: `${control}-fixed`, label: 'Fixed', control, options, disabled: true }
]

/** Every control in each of its states, for the samples of views. The cursor can stand in one field only, here in all wrong ones. */
export const sampleFields: FormField[] = (['text', 'password', 'number', 'time', 'date', 'textarea', 'select', 'switch'] as const).flatMap((control) => formFields(samplesOf(control), { [`${control}-wrong`]: 'This cannot be.' }))
