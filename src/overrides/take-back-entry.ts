import type { Catalog } from '../catalog/catalog.ts'
import type { Db } from '../db/database.ts'
import { getEntry } from '../history/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { inAct, inlineAtMost } from '../projection/in-act.ts'
import type { Operator } from './decide.ts'
import { findUndoable, listDecidedFields, within } from './queries/undo-decisions.ts'
import { requestUndo } from './request-undo.ts'
import { decidedTarget, undoEntry, type Undone } from './undo.ts'

interface Acted { id: string; title: string; usersAffected: number | null }

/** Takes an act back: at once for a few users, else by a job. `finish` runs last in the transaction of either. */
export async function takeBackEntry({ db, queue }: { db: Db; queue: Queue }, catalog: Catalog, timeZone: string, entry: Acted, operator: Operator, finish?: (db: Db, made: Undone | { jobId: number }) => Promise<void>): Promise<Undone | { jobId: number }> {
  if (isByJob(entry)) return { jobId: await requestUndo(db, queue, entry, operator, finish && ((trx, jobId) => finish(trx, { jobId }))) }
  return undoEntry(db, catalog, timeZone, entry.id, operator, finish)
}

export function isByJob(entry: Pick<Acted, 'usersAffected'>): boolean {
  return (entry.usersAffected ?? 0) > inlineAtMost
}

/** A page waits no longer for figures: over a million users they take longer to count than to say that they are many. */
const countAtMost = 3000

/** What taking an act back would do as things are now, without doing it; undefined where that takes too long to count. */
export async function previewUndo(db: Db, catalog: Catalog, timeZone: string, entryId: string): Promise<Undone | undefined> {
  try {
    return await countUndo(db, catalog, timeZone, entryId)
  } catch (error) {
    if ((error as { code?: string }).code === '57014') return undefined
    throw error
  }
}

function countUndo(db: Db, catalog: Catalog, timeZone: string, entryId: string): Promise<Undone> {
  return inAct(db, catalog, timeZone, [], async (act) => {
    const writer = within(act, countAtMost)
    const found: Undone = { entryId: null, users: 0, skipped: 0, values: 0, valuesSkipped: 0 }
    const many = isByJob(await getEntry(act.db, entryId))
    for (const field of await listDecidedFields(writer, entryId)) {
      const target = decidedTarget(catalog, field)
      if (!target) continue
      const { undone, skipped } = await findUndoable(writer, entryId, target, many)
      found.users = Math.max(found.users, undone)
      found.skipped = Math.max(found.skipped, skipped)
      found.values += undone
      found.valuesSkipped += skipped
    }
    return found
  })
}
