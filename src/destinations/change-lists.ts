import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { formatCount } from '../format.ts'
import { insertHistory } from '../history/queries.ts'
import { deleteFromLists, insertUnsubscribed } from './queries/addresses.ts'
import type { Actor } from './save-destination.ts'

export type ListChange = 'unsubscribe' | 'allow'

/** Puts addresses on the list of those who get no mails, or takes them off it and off those that servers refused. Answers how many that changed. The history names none. */
export async function changeLists(db: Db, change: ListChange, digests: readonly Buffer[], operator: Actor): Promise<number> {
  return shortChange(db, async (trx) => {
    const changed = change === 'unsubscribe' ? await insertUnsubscribed(trx, digests) : await deleteFromLists(trx, digests)
    if (changed) await insertHistory(trx, { kind: 'settings', title: change === 'unsubscribe' ? `${formatCount(changed, 'e-mail address', 'e-mail addresses')} unsubscribed` : `${formatCount(changed, 'e-mail address', 'e-mail addresses')} may be written to again`, operator })
    return changed
  })
}
