import { chineseName, type Name } from './chinese-names.ts'
import { ageOf, day, hour, minute, onDay, opening, today } from './dates.ts'
import { otherName, type Culture } from './other-names.ts'
import { abroad, hongKong, places, type Place } from './places.ts'
import { Random } from './random.ts'
import { drawLikes, type Taste } from './tastes.ts'

export type SourceName = 'shop' | 'web' | 'mini'

/** Somebody who exists only in the demo: what is true of them, before any source has written some of it down. */
export interface Person {
  index: number
  name: Name
  culture: Culture | 'han'
  male: boolean
  birthday: number
  age: number
  place: Place
  /** When each source first met them; absent where it never did. */
  since: Partial<Record<SourceName, number>>
  mobile: string
  /** A number from before or of work, which one source may know instead. */
  otherMobile: string
  email: string
  likes: string[]
  taste: Taste
  /** How much they buy and come: 1 is usual. */
  keen: number
  /** How many lucky numbers a source may draw for them. */
  random(purpose: string): Random
}

export const seed = 360
export const peopleCount = 19_000

export function makePeople(count = peopleCount): Person[] {
  const taken = new Set<string>()
  return Array.from({ length: count }, (_, index) => makePerson(index, taken))
}

function makePerson(index: number, taken: Set<string>): Person {
  const random = (purpose: string) => new Random(seed, index, purpose)
  const chance = random('person')
  const male = chance.chance(0.46)
  const culture = drawCulture(chance)
  const away = culture === 'abroad'
  const place = away ? chance.weighted(abroad.map((one) => [one, one.weight] as const)) : culture === 'hongkong' ? hongKong : placeOf(chance, culture)
  const ownCulture: Culture | 'han' = away ? chance.pick(place.abroad?.cultures as Culture[]) : culture
  const birthday = drawBirthday(chance)
  const age = ageOf(birthday)
  const name = ownCulture === 'han' ? chineseName(chance, male, new Date(birthday).getUTCFullYear()) : otherName(chance, ownCulture, male)
  const chinese = ['han', 'hongkong', 'uyghur', 'tibetan', 'mongol'].includes(ownCulture)
  const keen = Math.exp(chance.normal() * 0.75)
  const taste: Taste = { young: age < 33, old: age > 52, male, chinese, city: place.city, keen: keen > 1.5 }
  return {
    index, name, culture: ownCulture, male, birthday, age, place, since: drawSince(random('since'), age, place), mobile: mobileOf(chance, place, index, taken), otherMobile: mobileOf(chance, place, index + peopleCount, taken),
    email: emailOf(chance, name, birthday, chinese, taken), likes: drawLikes(random('likes'), taste), taste, keen, random
  }
}

type Origin = Culture | 'han' | 'abroad'

function drawCulture(chance: Random): Origin {
  return chance.weighted<Origin>([['han', 900], ['abroad', 34], ['hongkong', 12], ['english', 18], ['german', 4], ['french', 4], ['spanish', 3], ['italian', 2], ['nordic', 2], ['slavic', 3], ['arabic', 3], ['indian', 3], ['japanese', 4], ['korean', 4], ['vietnamese', 2], ['malay', 1], ['uyghur', 4], ['tibetan', 2], ['mongol', 2]])
}

const homes: Partial<Record<Culture, string>> = { uyghur: '乌鲁木齐市', tibetan: '拉萨市', mongol: '呼和浩特市' }

/** Foreigners live where foreigners live; others anywhere. */
function placeOf(chance: Random, culture: Exclude<Origin, 'abroad'>): Place {
  const home = culture === 'han' ? undefined : homes[culture]
  if (home !== undefined && chance.chance(0.8)) return places.find((place) => place.city === home) as Place
  const choice = culture === 'han' || home !== undefined ? places : places.slice(0, 8)
  return chance.weighted(choice.map((place) => [place, place.weight] as const))
}

function drawBirthday(chance: Random): number {
  const year = Math.round(chance.weighted([[1949, 4], [1957, 12], [1969, 18], [1980, 28], [1989, 40], [1997, 30], [2003, 14]]) + chance.normal() * 3.4)
  return Date.UTC(Math.min(2008, Math.max(1941, year)), 0, 1) + chance.int(0, 364) * day
}

/** Which sources know a person: older ones come to the shop, younger ones to the mini-program, those abroad order from the web shop. */
function drawSince(chance: Random, age: number, place: Place): Partial<Record<SourceName, number>> {
  const first = drawFirst(chance)
  const sets: readonly (readonly [SourceName[], number])[] = place.stores.length === 0
    ? [[['web'], 82], [['mini'], 4], [['web', 'mini'], 14]]
    : [[['shop'], age > 50 ? 46 : 24], [['web'], 14], [['mini'], age < 33 ? 12 : 7], [['shop', 'web'], 19], [['shop', 'mini'], 18], [['web', 'mini'], 4], [['shop', 'web', 'mini'], age < 40 ? 15 : 9]]
  const known = chance.weighted(sets)
  const order = chance.some(known.map((source) => [source, source === 'shop' ? 3 : 1] as const), known.length)
  const since: Partial<Record<SourceName, number>> = {}
  let met = 0
  for (const source of order) {
    const rest = today - minute - met
    const time = met === 0 ? first : met + (chance.chance(0.25) ? chance.waitWithin(20 * minute, rest) : chance.waitWithin(160 * day, rest))
    met = Math.max(met, time - met < hour ? Math.floor(time / 1000) * 1000 : onDay(time, source === 'shop' ? 10 : 7.5, source === 'shop' ? 21.5 : 23.8, chance.next()))
    since[source] = met
  }
  return since
}

/** The business grows, and sells more at weekends and before the New Year. */
function drawFirst(chance: Random): number {
  for (;;) {
    const time = opening + (today - opening) * chance.next() ** 0.8
    const date = new Date(time)
    const busy = ([0, 6].includes(date.getUTCDay()) ? 1 : 0.7) * ([0, 10, 11].includes(date.getUTCMonth()) ? 1 : 0.8)
    if (chance.chance(busy)) return time
  }
}

const prefixes: readonly (readonly [string, number])[] = [['138', 9], ['139', 9], ['137', 7], ['136', 7], ['135', 7], ['158', 6], ['159', 6], ['150', 6], ['151', 5], ['152', 4], ['182', 4], ['183', 4], ['187', 5], ['188', 6], ['130', 3], ['131', 4], ['132', 3], ['155', 4], ['156', 4], ['185', 4], ['186', 6], ['133', 4], ['153', 3], ['177', 4], ['180', 3], ['189', 5], ['199', 3], ['198', 2]]

/** No two people are given the same number: in China its last eight digits are their own. */
function mobileOf(chance: Random, { abroad: away }: Place, index: number, taken: Set<string>): string {
  const digits = String((index * 48_271_597 + 27_182_817) % 100_000_000).padStart(8, '0')
  if (!away) return chance.weighted(prefixes) + digits
  for (;;) {
    const number = away.prefix + chance.pick(away.digits.split('|')).replaceAll('#', () => String(chance.int(0, 9)))
    if (taken.has(number)) continue
    taken.add(number)
    return number
  }
}

/** Addresses at names that can never exist (RFC 2606), so that nothing is ever sent to anybody. */
function emailOf(chance: Random, name: Name, birthday: number, chinese: boolean, taken: Set<string>): string {
  const { latinGiven: given, latinSurname: surname } = name
  const year = String(new Date(birthday).getUTCFullYear())
  const plain = chinese ? chance.pick([surname + given, given + surname, `${surname}.${given}`, `${surname}_${given}`]) : chance.pick([`${given}.${surname}`, given + surname, `${given[0]}.${surname}`, `${given}_${surname}`])
  const tidy = plain.replace(/^[._]|[._]$/g, '')
  const local = chance.weighted([[tidy, 2], [tidy + year.slice(2), 4], [tidy + year, 2], [tidy + chance.int(1, 999), 4]])
  const domain = chance.weighted(chinese ? [['163.example', 7], ['qq.example', 9], ['126.example', 3], ['foxmail.example', 3], ['mail.example', 3]] : [['mail.example', 8], ['post.example', 3], ['inbox.example', 4], ['home.example', 2]])
  let address = `${local}@${domain}`
  for (let next = 2; taken.has(address); next++) address = `${local}${next}@${domain}`
  taken.add(address)
  return address
}
