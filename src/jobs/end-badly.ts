import type { Db } from '../db/database.ts'
import { raiseAlertOf } from '../alerts/of-job.ts'
import { insertHistory } from '../history/queries.ts'
import type { BadEnd, JobHandler } from './job.ts'
import { endOfJob } from './job-history.ts'
import { getJobAbout, setJobEnded } from './queries.ts'

/** Ends a job that did not do its work, with what its kind keeps of it elsewhere, and says so in the history; counts of values are nobody's act. */
export async function endBadly(db: Db, handler: JobHandler | undefined, jobId: number, end: { status: BadEnd; error?: string; result?: unknown }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (!(await setJobEnded(trx, jobId, end))) return
    await handler?.ended?.(trx, jobId, end.status)
    const job = await getJobAbout(trx, jobId)
    if (job.kind !== 'statistics') await insertHistory(trx, endOfJob(job, end.status))
    await raiseAlertOf(trx, job.payload, end.status, end.error ?? '')
  })
}
