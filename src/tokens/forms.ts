import { isPermission, type Permission } from '../access/permissions.ts'
import { allTexts, textOf } from '../form.ts'
import type { FieldMessages } from '../problem.ts'

export interface TokenInput { name: string; days: number | null; permissions: Permission[] }

/** For how many days a token can work. */
export const lifetimes: readonly number[] = [7, 30, 90, 180, 365]
export const longestName = 80

export const firstToken: TokenInput = { name: '', days: 90, permissions: [] }

export function readToken(body: unknown): TokenInput {
  return { name: textOf(body, 'name'), days: lifetimes.find((days) => String(days) === textOf(body, 'days')) ?? null, permissions: [...new Set(allTexts(body, 'permission').filter(isPermission))] }
}

/** What stands against it, by field. */
export function problemsOfToken({ name, days, permissions }: TokenInput): FieldMessages {
  const messages: FieldMessages = {}
  if (name === '') messages['name'] = 'Say what it is for, so that you know it again.'
  else if (name.length > longestName) messages['name'] = `At most ${longestName} characters; this has ${name.length}.`
  if (days === null) messages['days'] = 'Choose for how long it works.'
  if (permissions.length === 0) messages['permission'] = 'Choose at least one thing that it may do.'
  return messages
}
