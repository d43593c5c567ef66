import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { getSetting, setSetting } from '../settings/queries.ts'

/** For how many hours files can be kept. */
export const keepingHours: readonly number[] = [1, 4, 12, 24, 48, 72, 168]

const name = 'export_hours'

/** For how many hours the file of an export is kept: a day until somebody says otherwise. */
export async function getKeeping(db: Db): Promise<number> {
  const hours = await getSetting<number>(db, name, 24)
  return keepingHours.includes(hours) ? hours : 24
}

export function hoursText(hours: number): string {
  if (hours % 24 !== 0) return hours === 1 ? '1 hour' : `${hours} hours`
  return hours === 24 ? '24 hours' : `${hours / 24} days`
}

/** Sets for how long files are kept, those that are there included, and says so in the history. */
export async function setKeeping(db: Db, hours: number, operator: { id: number; name: string }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const before = await getKeeping(trx)
    if (before === hours) return
    await setSetting(trx, name, hours)
    await insertHistory(trx, { kind: 'settings', title: 'Changed how long exported files are kept', operator, items: [{ table: 'settings', column: name, before: hoursText(before), after: hoursText(hours) }] })
  })
}
