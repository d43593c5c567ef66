import type { Db } from '../db/database.ts'
import { deleteMailed } from '../destinations/queries/addresses.ts'
import type { BadEnd } from '../jobs/job.ts'
import { isUnderWay } from './push.ts'
import { deleteBatches } from './queries/batches.ts'
import { findRunOfJob, setRunEnded } from './queries/runs.ts'

/** What is said of a run that ended by a fault. */
export function faultOf(jobId: number): string {
  return `A fault of the console (job ${jobId}); an administrator finds the reason in the log.`
}

/**
 * Ends the run of a job that has ended, where the run does not say so itself: it was cancelled, perhaps before it began, and is not
 * continued; or a fault kept it from writing down why. What was sent stays sent.
 */
export async function endRunOfJob(trx: Db, jobId: number, end: BadEnd): Promise<void> {
  const run = await findRunOfJob(trx, jobId)
  if (!run || !isUnderWay(run)) return
  if (end !== 'cancelled') return setRunEnded(trx, run.id, { state: 'interrupted', problem: faultOf(jobId) })
  await setRunEnded(trx, run.id, { state: 'cancelled' })
  await deleteBatches(trx, { runId: run.id })
  await deleteMailed(trx, run.id)
}
