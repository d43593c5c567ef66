import type { Db } from '../db/database.ts'
import { getKeeping } from './keeping.ts'
import { deleteItemsOf, deleteOldEntries, listOldEntries } from './queries/old-entries.ts'

const [entriesAtOnce, itemsAtOnce] = [1000, 5000]

/**
 * Removes what is older than the setting allows, in small pieces, so that nobody waits for it. Decisions stay as they
 * are: a value that was set by hand does not end with the record of how it was set; it can only not be taken back any more.
 */
export async function deleteOldHistory(db: Db): Promise<void> {
  const days = await getKeeping(db)
  if (days === null) return
  for (;;) {
    const ids = await listOldEntries(db, days, entriesAtOnce)
    if (ids.length === 0) return
    while ((await deleteItemsOf(db, ids, itemsAtOnce)) > 0);
    await deleteOldEntries(db, ids)
  }
}
