import { firstFiles, hour, opening } from './dates.ts'
import { seed, type Person, type SourceName } from './people.ts'
import { Random } from './random.ts'

/** What each source has written down to reach somebody; empty where it has nothing. */
export interface Contact { shop: string; web: string; mini: string; memberNo: string; /** Since when the web account names the member, if it does. */ linkedSince: number | null }

/** A number that many people give who do not want to give one. */
export const borrowedMobile = '13800138000'
/** One adviser wrote this number of the shop for members who had none. */
export const adviserMobile = '13916620518'
export const adviserStore = '上海七宝万科广场店'

export const households = 24
export const crossed = 9
export const overSharedRows = { borrowed: 33, adviser: 26 }
export const placeholders: readonly (readonly [value: string, source: SourceName, rows: number])[] = [
  ['00000000000', 'web', 34], ['00000000000', 'shop', 14], ['unknown', 'web', 29], ['无', 'shop', 17], ['', 'mini', 41]
]

/**
 * Contacts of everybody. Most sources know the own number of a person; some know another one, a few know one that misleads:
 * of a household, of an adviser, a made-up one or a word in its place. These are what ID mapping has to refuse.
 */
export function makeContacts(people: readonly Person[]): Contact[] {
  const numbers = memberNumbers(people)
  const contacts = people.map((person, index) => usualContact(person, numbers[index] as string))
  const members = people.filter((person) => person.since.shop !== undefined)
  const free = new Set(people.map((person) => person.index))
  const random = new Random(seed, 'contacts')
  let pairs = 0
  for (const [first, second] of couples(members, random)) {
    if (pairs === households + crossed) break
    const [own, other] = [contacts[first.index], contacts[second.index]] as [Contact, Contact]
    if (own.shop !== first.mobile || !free.has(first.index) || !free.has(second.index)) continue
    if (pairs < households) Object.assign(other, { shop: own.shop, web: other.web && own.shop, mini: other.mini && own.shop })
    else if (other.linkedSince === opening && other.shop === second.mobile) other.web = own.shop
    else continue
    pairs++
    free.delete(first.index)
    free.delete(second.index)
  }
  const mislead = (source: SourceName, value: string, rows: number, which: (person: Person) => boolean = () => true) => {
    const chosen = random.some(people.filter((person) => person.since[source] !== undefined && free.has(person.index) && contacts[person.index]?.[source] && which(person)).slice(0, 900).map((person) => [person, 1] as const), rows)
    for (const person of chosen) {
      (contacts[person.index] as Contact)[source] = value
      free.delete(person.index)
    }
  }
  mislead('web', borrowedMobile, overSharedRows.borrowed - 9)
  mislead('shop', borrowedMobile, 9)
  mislead('shop', adviserMobile, overSharedRows.adviser, (person) => person.place.city === '上海市' && person.age > 44)
  for (const [value, source, rows] of placeholders) mislead(source, value || emptyHashed, rows)
  return contacts
}

/** Stands for an MD5 of nothing, which a careless system writes for whoever has no number. */
export const emptyHashed = ' '

function usualContact(person: Person, memberNo: string): Contact {
  const random = person.random('contact')
  const { shop, web, mini } = person.since
  const known = Object.keys(person.since).length > 1
  const linked = shop !== undefined && web !== undefined && random.chance(0.66)
  const number = () => (random.chance(0.04) ? person.otherMobile : person.mobile)
  const webMobile = web === undefined || random.chance(0.07) ? '' : linked && random.chance(0.2) ? person.otherMobile : written(number(), random)
  // Some have named their member number only lately: until then nothing tells that the account is theirs.
  const lately = webMobile !== person.mobile && random.chance(0.035)
  return {
    shop: shop === undefined || random.chance(0.015) ? '' : person.mobile,
    web: webMobile, mini: mini === undefined || random.chance(known ? 0.07 : 0.4) ? '' : number(),
    memberNo, linkedSince: !linked ? null : lately ? firstFiles + 10 * hour : opening
  }
}

/** People type their number as they like. */
function written(number: string, random: Random): string {
  if (!/^1\d{10}$/.test(number) || random.chance(0.94)) return number
  const groups = `${number.slice(0, 3)} ${number.slice(3, 7)} ${number.slice(7)}`
  return random.pick([`+86 ${groups}`, `86${number}`, groups, groups.replaceAll(' ', '-')])
}

/** Numbers in the order of joining. */
function memberNumbers(people: readonly Person[]): string[] {
  const numbers: string[] = people.map(() => '')
  const members = people.filter((person) => person.since.shop !== undefined).sort((a, b) => (a.since.shop as number) - (b.since.shop as number) || a.index - b.index)
  for (const [rank, person] of members.entries()) numbers[person.index] = `YL${String(10_000_018 + rank * 7)}`
  return numbers
}

/** A man and a woman of one city and nearly one age; each comes once. */
function* couples(members: readonly Person[], random: Random): Iterable<[Person, Person]> {
  const women = members.filter((person) => !person.male && person.age > 27 && person.culture === 'han')
  const men = members.filter((person) => person.male && person.age > 27 && person.culture === 'han')
  for (let at = random.int(0, 200); at < men.length; at += random.int(9, 40)) {
    const first = men[at] as Person
    const second = women.find((person) => person.index > first.index && person.place === first.place && Math.abs(person.age - first.age) < 6)
    if (second) yield [first, second]
  }
}
