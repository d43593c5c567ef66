import { formatMinute } from '../format-value.ts'
import type { GoneRow } from '../queries/profile.ts'
import type { GoneModel } from '../views.ts'

const reasons: Record<string, string> = { 'source removed': 'its source was removed', 'run undone': 'the import that had brought it was undone' }

/** The page of a user ID that has no rows any more: since when, and why. */
export function goneModel(id: string, rows: GoneRow[], timeZone: string): GoneModel {
  const last = rows.at(-1)!
  return {
    id, heading: `User ${id} has no rows any more`,
    text: `Since ${formatMinute(last.removedAt, timeZone)} no source row belongs to this user ID, so it is in no list and no count. If the row comes back in an import, so does the user.`,
    points: rows.map((row) => `Row ${row.rowNumber}${row.alias ? ` of ${row.alias}` : ''} was removed on ${formatMinute(row.removedAt, timeZone)}: ${reasons[row.reason] ?? 'it was not in the file of an import that was the whole table'}.`)
  }
}
