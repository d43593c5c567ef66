import type { Db } from '../db/database.ts'
import { getSetting, setSetting } from '../settings/queries.ts'
import { insertHistory } from './queries.ts'

/** How long the history can be kept, in days; null is for ever. */
export const keepingChoices: readonly (number | null)[] = [null, 30, 90, 180, 365, 730, 1095, 1825, 3650]

const name = 'history_days'

/** For how many days the history is kept; null is for ever, as it is until somebody says otherwise. */
export async function getKeeping(db: Db): Promise<number | null> {
  const days = await getSetting<number | null>(db, name, null)
  return keepingChoices.includes(days) ? days : null
}

export function keepingWords(days: number | null): string {
  if (days === null) return 'For ever'
  return days % 365 === 0 ? `${days / 365} ${days === 365 ? 'year' : 'years'}` : `${days} days`
}

/** Sets how long the history is kept, and says so in it. */
export async function setKeeping(db: Db, days: number | null, operator: { id: number; name: string }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const before = await getKeeping(trx)
    if (before === days) return
    await setSetting(trx, name, days)
    await insertHistory(trx, { kind: 'settings', title: 'Changed how long the history is kept', operator, items: [{ table: 'settings', column: name, before: keepingWords(before), after: keepingWords(days) }] })
  })
}
