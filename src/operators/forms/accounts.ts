import { allTexts, textOf } from '../../form.ts'
import type { FieldMessages } from '../../problem.ts'
import type { Person } from '../add-operators.ts'
import { problemOfEmail } from '../forms.ts'
import { readPeople } from '../read-people.ts'

/** What was typed into the form of one operator. */
export interface AccountInput { name: string; email: string; roleIds: number[] }
/** What was pasted into that of several. */
export interface PeopleInput { people: string; roleIds: number[] }

export const mostAtOnce = 200

const idsIn = (body: unknown) => [...new Set(allTexts(body, 'role').filter((text) => /^[1-9]\d{0,8}$/.test(text)).map(Number))]

export function readAccount(body: unknown): AccountInput {
  return { name: textOf(body, 'name').replace(/\s+/g, ' '), email: textOf(body, 'email'), roleIds: idsIn(body) }
}

export function readPeopleInput(body: unknown): PeopleInput {
  return { people: textOf(body, 'people'), roleIds: idsIn(body) }
}

/** What is wrong with a name, an e-mail and roles. */
export function problemsOfAccount({ name, email, roleIds }: AccountInput): FieldMessages {
  const wrong = problemOfEmail(email)
  return {
    ...(name === '' ? { name: 'Type the name, as colleagues know it.' } : name.length > 100 ? { name: 'The name can have at most 100 characters.' } : {}),
    ...(wrong ? { email: wrong } : {}),
    ...problemsOfRoles(roleIds)
  }
}

/** Whom a pasted text names, or what is wrong with it as a whole. */
export function parsePeople(input: PeopleInput): { people: Person[]; unread: string[]; messages: FieldMessages } {
  const { people, unread } = readPeople(input.people)
  const messages = problemsOfRoles(input.roleIds)
  if (people.length + unread.length === 0) messages['people'] = 'Paste one e-mail address or more.'
  else if (people.length === 0) messages['people'] = 'There is no e-mail address in this. It looks like name@example.com, or Name <name@example.com>.'
  else if (people.length > mostAtOnce) messages['people'] = `These are ${people.length} addresses. At most ${mostAtOnce} can be added at once.`
  return { people, unread, messages }
}

function problemsOfRoles(roleIds: readonly number[]): FieldMessages {
  return roleIds.length ? {} : { role: 'Choose at least one role.' }
}
