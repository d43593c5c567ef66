import type { FieldMessages } from '../problem.ts'

/** What is written to each user; a text message has no subject. Fields stand as {{name|what stands there where a user has none}}. */
export interface Message { subject: string; text: string }

/** Stands for the way to unsubscribe; every mail has one, at its end where the text names none. */
export const unsubscribeField = 'unsubscribe'

const place = /\{\{([^{}]*)\}\}/g

/** The text for one user. Subjects are one line, whatever the values hold. */
export function renderMessage({ subject, text }: Message, fields: Readonly<Record<string, unknown>>): Message {
  const fill = (template: string) => template.replaceAll(place, (_whole, inside: string) => {
    const { name, otherwise } = partsOf(inside)
    return wordOf(Object.hasOwn(fields, name) ? fields[name] : null) || otherwise
  })
  return { subject: fill(subject).replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim(), text: fill(text) }
}

function partsOf(inside: string): { name: string; otherwise: string; given: boolean } {
  const at = inside.indexOf('|')
  const name = (at < 0 ? inside : inside.slice(0, at)).trim()
  return { name, otherwise: at < 0 ? '' : inside.slice(at + 1).trim(), given: at >= 0 || name === unsubscribeField }
}

function wordOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.map(String).join(', ') : String(value)
}

/** The fields that a message names, each once. */
export function fieldsOfMessage({ subject, text }: Message): string[] {
  return [...new Set([...`${subject}\n${text}`.matchAll(place)].map((match) => partsOf(match[1]!).name))]
}

const most = { subject: 200, text: 20_000 }

/** What is wrong with a message, by the names of its parts. `fields` are those that its users have; `subject` says whether it needs one. */
export function problemsOfMessage(message: Message, fields: readonly string[], needs: { subject: boolean }): FieldMessages {
  const of = (part: 'subject' | 'text', needed: boolean): FieldMessages => {
    const problem = problemOf(message[part], fields, needed, most[part])
    return problem ? { [part]: problem } : {}
  }
  return { ...(needs.subject ? of('subject', true) : {}), ...of('text', true) }
}

function problemOf(template: string, fields: readonly string[], needed: boolean, longest: number): string {
  if (template.trim() === '') return needed ? 'Write something here.' : ''
  if (template.length > longest) return `This can have at most ${longest} characters.`
  const places = [...template.matchAll(place)].map((match) => partsOf(match[1]!))
  const unknown = places.find(({ name }) => name !== unsubscribeField && !fields.includes(name))
  if (unknown) return `There is no field {{${unknown.name}}}. ${fields.length ? `There are: ${fields.map((name) => `{{${name}|}}`).join(', ')}.` : 'Choose fields first.'}`
  const open = places.find(({ given }) => !given)
  if (open) return `Say what stands there where a user has no ${open.name}: {{${open.name}|…}}, with nothing after the bar where it is left out.`
  return /\{\{|\}\}/.test(template.replaceAll(place, '')) ? 'A field is written as {{name|otherwise}}: brackets are missing somewhere.' : ''
}
