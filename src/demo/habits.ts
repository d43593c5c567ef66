import { day, minute, onDay, today } from './dates.ts'
import type { Person } from './people.ts'

/** What somebody bought in the web shop up to a time. */
export interface Orders { count: number; basket: number; last: number | null }

export function webOrders(person: Person, since: number, until: number): Orders {
  const random = person.random('orders')
  const typical = Math.exp(5.45 + random.normal() * 0.55) * (0.8 + 0.2 * person.keen)
  if (random.chance(0.09)) return { count: 0, basket: 0, last: null }
  // Always the same orders; those after `until` are not there yet.
  const first = since + (random.chance(0.6) ? random.waitWithin(30 * minute, today - since) : random.waitWithin(9 * day, today - since))
  const times = [Math.floor(first / 1000) * 1000]
  const lasting = since + random.next() ** 0.6 * (today - since)
  while (times.length < 60) {
    const next = (times.at(-1) as number) + Math.max(1.5 * day, random.wait((70 * day) / person.keen))
    if (next > lasting) break
    times.push(onDay(next, 7.5, 23.9, random.next()))
  }
  const done = times.filter((time) => time <= until)
  const total = done.reduce((sum, _, index) => sum + typical * (0.6 + 0.8 * ((index * 0.618 + 0.3) % 1)), 0)
  return { count: done.length, basket: done.length ? Math.round((total / done.length) * 100) / 100 : 0, last: done.at(-1) ?? null }
}

/** What a store knows of a member's visits up to a time. */
export interface Visits { last: number; in90Days: number; all: number }

export function storeVisits(person: Person, since: number, until: number): Visits {
  const random = person.random('visits')
  const gone = random.chance(Math.min(0.75, (today - since) / (1500 * day))) ? since + random.next() * (today - since) : today
  const gap = (21 * day) / Math.min(3, Math.max(0.35, person.keen))
  const times = [since]
  while (times.length < 160) {
    const next = (times.at(-1) as number) + Math.max(0.9 * day, random.wait(gap))
    if (next > gone) break
    times.push(onDay(next, 10, 21.4, random.next()))
  }
  const done = times.filter((time) => time <= until)
  return { last: done.at(-1) ?? since, in90Days: done.filter((time) => time > today - 90 * day).length, all: done.length }
}

/** What somebody has spent in the stores: not every visit ends with a purchase, the first nearly always. */
export function storeSpending(person: Person, visits: Visits): number {
  const random = person.random('spending')
  const typical = Math.exp(5.5 + random.normal() * 0.5) * (0.7 + 0.3 * person.keen)
  return typical * (random.chance(0.93) ? 1 : 0) + typical * 0.55 * (visits.all - 1) * (0.8 + 0.4 * random.next())
}

const levels: readonly [least: number, name: string][] = [[20_000, 'Diamond'], [7500, 'Platinum'], [2200, 'Gold'], [0, 'Silver']]

/** The level goes by what was spent; a few were given one as a present, or are about to rise. */
export function memberLevel(person: Person, spent: number): string {
  const random = person.random('level')
  if (random.chance(0.012)) return ''
  const counted = spent * (random.chance(0.04) ? random.between(0.6, 1.8) : 1)
  return (levels.find(([least]) => counted >= least) as [number, string])[1]
}
