import type pg from 'pg'
import { inDataTransaction } from '../jobs/transaction.ts'
import type { MappingChange } from './mapping-settings.ts'
import type { MappingOutcome } from './remap-rows.ts'
import { remap } from './run-remap.ts'

/** A user that becomes part of another, or a row that stands on its own again and leaves one. */
export interface Moved { how: 'joined' | 'split'; user: string; other: string }

/** So many are named on a page; the others are counted. */
export const mostNamed = 20

class Enough extends Error {}

/** What a change of settings would do, found by doing it and rolling back: no page sees it, nothing is kept. */
export async function previewMapping(pool: pg.Pool, change: MappingChange, aesKey: string | null): Promise<{ usersJoined: number; usersSplit: number; moved: Moved[] }> {
  let moved: Moved[] = []
  let outcome: MappingOutcome | undefined
  const silent = { info() {}, error() {} }
  const context = {
    jobId: 0, pool, db: undefined as never, dataDir: '', aesKey, timeZone: 'UTC', log: silent, progress() {}, async check() {}, async enqueue() {}
  }
  await inDataTransaction(context, async (work) => {
    outcome = await remap(work, change)
    moved = await work.rows<Moved>(`(select 'joined' as how, old_user as "user", new_user as other from moved where old_user = row_number order by row_number limit ${mostNamed + 1})
      union all (select 'split', new_user, old_user from moved where new_user = row_number order by row_number limit ${mostNamed + 1})`)
    throw new Enough('rolled back on purpose')
  }, { watch: false }).catch((error: unknown) => { if (!(error instanceof Enough)) throw error })
  return { usersJoined: outcome?.usersJoined ?? 0, usersSplit: outcome?.usersSplit ?? 0, moved }
}
