import { stringify } from 'csv-stringify/sync'
import type { Db } from '../db/database.ts'
import { formatMinute } from '../users/format-value.ts'
import { changeLine, entryLine, type LineOptions } from './lines.ts'
import { listEntries, type EntryFilter, type EntryPlace, type EntryRow } from './queries/entries.ts'
import { listItems, type ItemRow } from './queries/items.ts'

const entriesAtOnce = 500
const itemsAtOnce = 5000

const head = ['entry', 'time', 'operator', 'via', 'kind', 'what', 'source', 'user', 'field', 'old value', 'new value', 'policy', 'taken back']

/**
 * The entries that fit the filter as CSV, newest first, one row a change and one for an entry without any; a batch at a time.
 * Cells that a spreadsheet would take for a formula get an apostrophe in front; the byte order mark makes it read UTF-8.
 */
export async function* historyCsv(db: Db, filter: EntryFilter | undefined, options: LineOptions): AsyncGenerator<string> {
  yield stringify([head], { bom: true })
  let before: EntryPlace | null = null
  while (filter) {
    const entries: EntryRow[] = await listEntries(db, options, filter, before, entriesAtOnce)
    const last = entries.at(-1)
    if (!last) return
    before = { at: last.atText, id: last.id }
    yield* rowsOf(db, entries, filter.numbers ?? undefined, options)
  }
}

async function* rowsOf(db: Db, entries: EntryRow[], numbers: readonly string[] | undefined, options: LineOptions): AsyncGenerator<string> {
  const only = numbers ? { numbers } : {}
  const items = await listItems(db, options, entries.map((entry) => entry.id), { ...only, limit: itemsAtOnce })
  if (items.length < itemsAtOnce) {
    const byEntry = Map.groupBy(items, (item) => item.entryId)
    yield write(entries.flatMap((entry) => cellsOf(entry, byEntry.get(entry.id) ?? [null], options)))
    return
  }
  // A large act is among them: each is read by itself, in pieces.
  for (const entry of entries) {
    for (let after = 'd0', first = true; ; first = false) {
      const piece = await listItems(db, options, [entry.id], { ...only, after, limit: itemsAtOnce })
      if (first || piece.length) yield write(cellsOf(entry, piece.length ? piece : [null], options))
      const last = piece.at(-1)
      if (!last || piece.length < itemsAtOnce) break
      after = last.place
    }
  }
}

function write(rows: string[][]): string {
  return stringify(rows, { escape_formulas: true })
}

function cellsOf(entry: EntryRow, items: (ItemRow | null)[], options: LineOptions): string[][] {
  const line = entryLine(entry, options)
  const source = options.access.source(entry.sourceId ?? 0)?.alias ?? ''
  return items.map((item) => {
    const change = item && changeLine(item, options)
    return [entry.id, formatMinute(entry.at, options.timeZone), line.who, entry.token === null ? 'page' : 'api', line.kind, line.what, source, item?.userId ?? '', change?.label ?? '', change?.before ?? '', change?.after ?? '', change?.policy ?? '', line.undone ? 'yes' : '']
  })
}
