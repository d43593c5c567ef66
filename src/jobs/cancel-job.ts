import type { Db } from '../db/database.ts'
import { insertHistory, type Actor } from '../history/queries.ts'
import type { JobHandlers } from './job.ts'
import { cancelOfJob } from './job-history.ts'
import { getJobAbout, setJobCancelled } from './queries.ts'

/** Asks a job to stop: a waiting one is ended at once, one at work within about a second. `finish` runs last in the same transaction. */
export async function cancelJob(db: Db, handlers: JobHandlers, jobId: number, { id, name, tokenId = null }: Actor, finish?: (trx: Db) => Promise<void>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const status = await setJobCancelled(trx, jobId)
    if (status) {
      const job = await getJobAbout(trx, jobId)
      await insertHistory(trx, cancelOfJob(job, { id, name, tokenId }))
      if (status === 'cancelled') await handlers[job.kind]?.ended?.(trx, jobId, status)
    }
    await finish?.(trx)
  })
}
