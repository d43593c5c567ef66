import { isEmailAddress, storable } from '../form.ts'
import type { FieldMessages } from '../problem.ts'
import { problemOfPassword } from './passwords.ts'
import type { Installation } from './set-up.ts'

type Fields = Record<string, unknown>
type Parsed<T> = { value: T; messages: undefined } | { value: undefined; messages: FieldMessages }

const parsed = <T>(value: T, messages: FieldMessages): Parsed<T> => (Object.keys(messages).length ? { value: undefined, messages } : { value, messages: undefined })

/** A field that people typed, with the blanks around it: a repeated or missing one is empty. */
export function textOf(body: unknown, name: string): string {
  const text = (body as Fields | undefined)?.[name]
  return typeof text === 'string' ? storable(text) : ''
}

export function problemOfEmail(email: string): string | undefined {
  return isEmailAddress(email) ? undefined : 'This is not an e-mail address. It looks like name@example.com.'
}

/** A password chosen by a one-time link. */
export function parseFirstPassword(body: unknown, email: string): Parsed<string> {
  const next = textOf(body, 'next')
  const messages: FieldMessages = {}
  const problem = problemOfPassword(next, email)
  if (problem) messages['next'] = problem
  else if (textOf(body, 'again') !== next) messages['again'] = 'The two passwords differ. Type it again.'
  return parsed(next, messages)
}

export function parseNewPassword(body: unknown, email: string): Parsed<{ current: string; next: string }> {
  const current = textOf(body, 'current')
  const next = textOf(body, 'next')
  const messages: FieldMessages = {}
  if (current === '') messages['current'] = 'Type your current password.'
  const problem = next === current && next !== '' ? 'The new password is the same as the current one.' : problemOfPassword(next, email)
  if (problem) messages['next'] = problem
  else if (textOf(body, 'again') !== next) messages['again'] = 'The two passwords differ. Type the new one again.'
  return parsed({ current, next }, messages)
}

export function parseSetUp(body: unknown): Parsed<Installation> {
  const value = { installation: textOf(body, 'installation').trim(), name: textOf(body, 'name').trim(), email: textOf(body, 'email').trim(), password: textOf(body, 'password') }
  const messages: FieldMessages = {}
  if (value.installation === '') messages['installation'] = 'Give the installation a name, such as that of your company.'
  if (value.installation.length > 60) messages['installation'] = 'The name can have at most 60 characters.'
  if (value.name === '') messages['name'] = 'Type your name, as colleagues know it.'
  if (value.name.length > 100) messages['name'] = 'The name can have at most 100 characters.'
  const email = problemOfEmail(value.email)
  if (email) messages['email'] = email
  const password = problemOfPassword(value.password, value.email)
  if (password) messages['password'] = password
  return parsed(value, messages)
}
