import type { Db } from '../db/database.ts'
import { insertHistory, type Actor } from '../history/queries.ts'
import { cancelOfJob } from './job-history.ts'
import { getJobAbout, setJobCancelled } from './queries.ts'

/** Asks a job to stop: a waiting one is ended at once, one at work within about a second. `finish` runs last in the same transaction. */
export async function cancelJob(db: Db, jobId: number, { id, name, tokenId = null }: Actor, finish?: (trx: Db) => Promise<void>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (await setJobCancelled(trx, jobId)) await insertHistory(trx, cancelOfJob(await getJobAbout(trx, jobId), { id, name, tokenId }))
    await finish?.(trx)
  })
}
