import type pg from 'pg'
import { inDataTransaction } from '../jobs/transaction.ts'
import type { MappingChange } from './mapping-settings.ts'
import type { MappingOutcome } from './remap-rows.ts'
import { remapEverything } from './run-remap.ts'

class Enough extends Error {}

/** What a change of settings would do, found by doing it and rolling back: no page sees it, nothing is kept. */
export async function previewMapping(pool: pg.Pool, change: MappingChange, aesKey: string | null): Promise<{ usersJoined: number; usersSplit: number }> {
  let outcome: MappingOutcome | undefined
  const silent = { info() {}, error() {} }
  const context = {
    jobId: 0, pool, db: undefined as never, dataDir: '', aesKey, timeZone: 'UTC', log: silent, progress() {}, async check() {}, async enqueue() {}
  }
  await inDataTransaction(context, async (work) => {
    outcome = await remapEverything(work, change)
    throw new Enough('rolled back on purpose')
  }, { watch: false }).catch((error: unknown) => { if (!(error instanceof Enough)) throw error })
  return { usersJoined: outcome?.usersJoined ?? 0, usersSplit: outcome?.usersSplit ?? 0 }
}
