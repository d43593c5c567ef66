import { problemOfEmail } from './forms.ts'
import type { Person } from './add-operators.ts'

export interface ReadPeople {
  /** Each address once. */
  people: Person[]
  /** What holds no address that can be read, as it was typed. */
  unread: string[]
}

/** People as they are pasted: one in a line or after a comma, as "mail", "Name <mail>", or a name and a mail from a spreadsheet. */
export function readPeople(text: string): ReadPeople {
  const people = new Map<string, Person>()
  const unread: string[] = []
  for (const entry of entriesOf(text)) {
    const found = readEntry(entry)
    if (!found) unread.push(entry)
    for (const person of found ?? []) if (!people.has(person.email.toLowerCase())) people.set(person.email.toLowerCase(), person)
  }
  return { people: [...people.values()], unread }
}

// A comma inside quotes or angle brackets is part of the name: "Wang, Fang" <wang@example.com>.
function entriesOf(text: string): string[] {
  return (text.match(/(?:"[^"\n]*"|<[^>\n]*>|[^\n,;，；、])+/g) ?? []).map((entry) => entry.trim()).filter(Boolean)
}

function readEntry(entry: string): Person[] | undefined {
  const named = /^(.*?)\s*<\s*([^<>]+?)\s*>$/.exec(entry)
  if (named) return problemOfEmail(named[2]!) ? undefined : [person(named[1]!, named[2]!)]
  const words = entry.split(/\s+/)
  if (words.every((word) => !problemOfEmail(word))) return words.map((email) => person('', email))
  const email = words.pop()!
  return problemOfEmail(email) || words.some((word) => word.includes('@')) ? undefined : [person(words.join(' '), email)]
}

function person(name: string, email: string): Person {
  return { email, name: name.replaceAll('"', '').replace(/\s+/g, ' ').trim().slice(0, 100) || email.split('@')[0]! }
}
