import type { Db } from '../db/database.ts'
import { insertHistory, type Actor } from '../history/queries.ts'
import { Conflict, NotFound } from '../problem.ts'
import { retryOfJob } from './job-history.ts'
import { findListedJob } from './queries/list-jobs.ts'
import { getJobAbout, setJobWaiting } from './queries.ts'
import { whyNoRetry } from './retry.ts'

/** Lets a job that ended badly wait once more, from its beginning; it is to be woken after that. Throws Conflict, in words, where it cannot. */
export async function retryJob(db: Db, jobId: number, { id, name, tokenId = null }: Actor): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const job = await findListedJob(trx, jobId)
    if (!job) throw new NotFound('There is no such job.')
    const refusal = whyNoRetry(job)
    if (refusal) throw new Conflict(refusal)
    if (!(await setJobWaiting(trx, jobId))) throw new Conflict('Somebody else was quicker: it waits or runs again.')
    await insertHistory(trx, retryOfJob(await getJobAbout(trx, jobId), { id, name, tokenId }))
  })
}
