import type { Access } from '../access/access.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Db } from '../db/database.ts'
import { changeLine, entryLine, labelsOf, type EntryLine, type LineOptions } from './lines.ts'
import { readPlace, writePlace } from './place.ts'
import { listEntries, listHeldNumbers } from './queries/entries.ts'
import { listItems } from './queries/items.ts'
import { sightOf } from './sight.ts'

/** What the tab History of a profile shows. */
export interface UserHistory { lines: EntryLine[]; moreHref: string; later: boolean }

export interface UserHistoryRequest { catalog: Catalog; access: Access; timeZone: string; before: string; mayUndo: boolean; moreHref: (before: string) => string }

const pageSize = 20
/** Two people who became one may hold two decisions of one act. */
const mostItems = 2000

/** What was done to a user that this operator sees, newest first: acts on the row numbers that the user holds now. */
export async function readUserHistory(db: Db, userId: string, { catalog, access, timeZone, before, mayUndo, moreHref }: UserHistoryRequest): Promise<UserHistory> {
  const sight = sightOf(catalog, access)
  const reader = { access, sight, timeZone }
  const numbers = await listHeldNumbers(db, userId)
  const place = before ? readPlace(before) : null
  const found = await listEntries(db, reader, { numbers }, place, pageSize + 1)
  const entries = found.slice(0, pageSize)
  const items = await listItems(db, reader, entries.map((entry) => entry.id), { numbers, limit: mostItems })
  const options: LineOptions = { access, sight, timeZone, labels: labelsOf(access), mayUndo, mayUndoRuns: false }
  const lines = entries.map((entry) => {
    const own = items.filter((item) => item.entryId === entry.id).map((item) => changeLine(item, options))
    return { ...entryLine(entry, options), changes: own.filter((line, index) => own.findIndex((other) => JSON.stringify(other) === JSON.stringify(line)) === index) }
  })
  const last = entries.at(-1)
  return { lines, later: place !== null, moreHref: found.length > pageSize && last ? moreHref(writePlace({ at: last.atText, id: last.id })) : '' }
}
