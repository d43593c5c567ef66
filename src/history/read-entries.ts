import type { Db } from '../db/database.ts'
import type { ReadFilter } from './filter.ts'
import { listEntries, listHeldNumbers, type EntryFilter, type EntryPlace, type EntryRow } from './queries/entries.ts'
import { findHolder } from './queries/find-holder.ts'
import type { Reader } from './queries/visible.ts'

/** What the filter means in the data now; undefined where it can find nothing. Says so in `problems` where its user is not there. */
export async function resolveFilter(db: Db, reader: Reader, filter: ReadFilter): Promise<EntryFilter | undefined> {
  if (Object.keys(filter.problems).length) return undefined
  const { operator, kind, source, via, from, to } = filter
  if (!filter.user) return { operator, kind, source, via, from, to }
  const user = await findHolder(db, reader, filter.user)
  if (user === undefined) {
    filter.problems.user = 'There is no user with this ID.'
    return undefined
  }
  return { operator, kind, source, via, from, to, numbers: await listHeldNumbers(db, user) }
}

export interface EntryPage { entries: EntryRow[]; more: boolean }

export async function readEntries(db: Db, reader: Reader, filter: ReadFilter, before: EntryPlace | null, size: number): Promise<EntryPage> {
  const resolved = await resolveFilter(db, reader, filter)
  if (!resolved) return { entries: [], more: false }
  const found = await listEntries(db, reader, resolved, before, size + 1)
  return { entries: found.slice(0, size), more: found.length > size }
}
