import type { StructureFile } from '../sources/structure-file.ts'
import { makeContacts, type Contact } from './contacts.ts'
import { csvLine } from './csv.ts'
import { firstFiles, today } from './dates.ts'
import { miniRow, miniStructure } from './mini-program.ts'
import { makePeople, type Person, type SourceName } from './people.ts'
import { spoilShop, spoilWeb } from './rejected-lines.ts'
import { shopRow, shopStructure } from './shop-members.ts'
import { webRow, webStructure } from './web-shop.ts'

/** One file of the demo with the structure of the source that it belongs to. */
export interface DemoFile { fileName: string; structure: StructureFile; lines: Iterable<string> }

type Row = (until: number) => (string | number)[]
/** Somebody's row in one source. `late`: it is in the second file only, in a place of its own there. */
interface Entry { since: number; late: number | null; row: Row }

/**
 * The files of the demo in the order in which they are imported: each source as it was, then what has changed or come
 * in the days after. So there are runs that changed rows, and the newest users come from all three.
 */
export function demoSources(): DemoFile[] {
  const people = makePeople()
  const contacts = makeContacts(people)
  const shop = entries(people, 'shop', (person) => (until) => shopRow(person, contacts[person.index] as Contact, until))
  const web = webEntries(people, contacts)
  const mini = entries(people, 'mini', (person) => (until) => miniRow(person, contacts[person.index] as Contact, until))
  return [
    { fileName: 'shop-members-2026-11-22.csv', structure: shopStructure, lines: spoilShop(before(shopStructure, shop)) },
    { fileName: 'web-shop-2026-11-22.csv', structure: webStructure, lines: spoilWeb(before(webStructure, web)) },
    { fileName: 'mini-program-2026-11-22.csv', structure: miniStructure, lines: before(miniStructure, mini) },
    { fileName: 'mini-program-2026-11-23.csv', structure: miniStructure, lines: after(miniStructure, mini) },
    { fileName: 'web-shop-2026-11-23.csv', structure: webStructure, lines: after(webStructure, web) },
    { fileName: 'shop-members-2026-11-23.csv', structure: shopStructure, lines: after(shopStructure, shop) }
  ]
}

function entries(people: readonly Person[], source: SourceName, rowOf: (person: Person) => Row): Entry[] {
  return people.flatMap((person) => (person.since[source] === undefined ? [] : [{ since: person.since[source], late: lateness(person, source), row: rowOf(person) }])).sort((a, b) => a.since - b.since)
}

/** New ones, and a few of long ago, whose store was slow to send them. */
function lateness(person: Person, source: SourceName): number | null {
  const random = person.random(`late ${source}`)
  const slow = Object.keys(person.since).length === 1 && person.keen > 0.9 && random.chance(person.culture === 'han' ? 0.006 : 0.025)
  return slow || (person.since[source] as number) > firstFiles ? random.next() : null
}

/** Accounts are numbered in the order of opening; a few people have two. */
function webEntries(people: readonly Person[], contacts: readonly Contact[]): Entry[] {
  const customers = people.filter((person) => person.since.web !== undefined).sort((a, b) => (a.since.web as number) - (b.since.web as number) || a.index - b.index)
  return customers.flatMap((person, rank) => {
    const contact = contacts[person.index] as Contact
    const account = `W${100_240 + rank * 3}`
    const first: Entry = { since: person.since.web as number, late: lateness(person, 'web'), row: (until: number) => webRow(person, contact, account, until) }
    return person.random('accounts').chance(0.018) ? [first, { ...first, row: (until: number) => webRow(person, contact, `${account}-2`, until, true) }] : [first]
  })
}

function* before(structure: StructureFile, list: readonly Entry[]): Iterable<string> {
  yield header(structure)
  for (const { late, row } of list) if (late === null) yield csvLine(row(firstFiles))
}

/** Rows that are not as they were, then the new ones. */
function* after(structure: StructureFile, list: readonly Entry[]): Iterable<string> {
  yield header(structure)
  for (const { late, row } of list) {
    const line = csvLine(row(today))
    if (late === null && line !== csvLine(row(firstFiles))) yield line
  }
  for (const { row } of list.filter(({ late }) => late !== null).sort((a, b) => (a.late as number) - (b.late as number))) yield csvLine(row(today))
}

function header(structure: StructureFile): string {
  return csvLine(structure.columns.map((column) => column.column))
}
