import { setTimeout as sleep } from 'node:timers/promises'
import type { Db, JobStatus } from '../db/database.ts'
import { isOpen } from './labels.ts'
import { findJob } from './queries.ts'

const pause = 50

/** The status of a job once it has ended, or undefined where that takes longer than a page may wait. */
export async function waitForJob(db: Db, jobId: number, milliseconds: number): Promise<JobStatus | undefined> {
  for (const until = Date.now() + milliseconds; ; await sleep(pause)) {
    const job = await findJob(db, jobId)
    if (job && !isOpen(job.status)) return job.status
    if (Date.now() >= until) return undefined
  }
}
