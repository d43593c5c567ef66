import { raiseAlert } from '../alerts/queries.ts'
import type { Destination } from '../destinations/destination.ts'
import { openSender } from '../destinations/open-sender.ts'
import { listDestinations } from '../destinations/queries.ts'
import { deleteMailed } from '../destinations/queries/addresses.ts'
import { DestinationDown } from '../destinations/sender.ts'
import { formatCount, formatNumber } from '../format.ts'
import { insertHistory } from '../history/queries.ts'
import { JobCancelled, JobStopped, type JobContext } from '../jobs/job.ts'
import { setJobEnded } from '../jobs/queries.ts'
import { Interrupted } from './deliver.ts'
import { faultOf } from './end-run.ts'
import { freezeRun } from './freeze-run.ts'
import { isUnderWay, pushAlert, type Push, type PushRun } from './push.ts'
import { deleteBatches } from './queries/batches.ts'
import { findPush, setPaused } from './queries/pushes.ts'
import { getRunOfJob, setRunEnded, setRunStarted } from './queries/runs.ts'
import { Paused } from './rights.ts'
import { sendRun } from './send-run.ts'
import { writeMatchingFile } from './write-matching-file.ts'

export interface PushPayload { pushId: number; destinationId: number }

/** The job 'push': does a run from its beginning, or on from the last batch that was acknowledged. */
export async function runPush(context: JobContext): Promise<unknown> {
  const { db, jobId } = context
  const run = await getRunOfJob(db, jobId)
  const push = await findPush(db, run.pushId)
  // The process was killed between the end of the run and that of its job.
  if (!push || !isUnderWay(run)) return resultOf(run)
  await setRunStarted(db, run.id)
  try {
    const destination = (await listDestinations(db)).find(({ id }) => id === push.destination.id)
    if (!destination) throw new Paused('The destination is gone.')
    if (destination.kind === 'data_bank') await writeMatchingFile(context, run, push, destination)
    else await send(context, run, push, destination)
    return await finish(context, push)
  } catch (error) {
    throw await endEarly(context, run, push, error)
  }
}

async function send(context: JobContext, run: PushRun, push: Push, destination: Destination): Promise<void> {
  const sender = await openSender(context, destination, { pushId: push.id, audienceId: push.person === null ? push.audience.id : null, runId: run.id, ...(push.message ? { message: push.message } : {}) })
  try {
    // Another run of this push that was interrupted cannot go on from here: what it had left may be sent by this one.
    await deleteBatches(context.db, { pushId: push.id, exceptRun: run.id })
    const total = run.total ?? await freezeRun(context, run, push, destination, sender.batchSize)
    await sendRun(context, { ...run, total }, push, destination, sender)
  } finally {
    await sender.close()
  }
}

/** The run is done, the history tells of it, and so does the job, all at once. */
async function finish({ db, jobId }: JobContext, push: Push): Promise<unknown> {
  return db.transaction().execute(async (trx) => {
    const run = await getRunOfJob(trx, jobId)
    await setRunEnded(trx, run.id, { state: 'done' })
    if (push.message) await deleteMailed(trx, run.id)
    const entryId = await insertHistory(trx, { kind: 'push', title: push.message ? 'Users reached' : 'Users pushed', operator: push.operator, jobId, usersAffected: run.sent, items: [{ table: 'pushes', column: 'number', before: null, after: push.id }] })
    const result = { ...resultOf(run), entryId }
    await setJobEnded(trx, jobId, { status: 'done', result })
    return result
  })
}

function resultOf(run: PushRun) {
  return { pushId: run.pushId, usersSent: run.sent, usersRefused: run.refused, usersLeftOut: run.leftOut }
}

/** Writes down why a run ended before it was done, and answers what ends its job. What was sent stays sent. */
async function endEarly(context: JobContext, run: PushRun, push: Push, error: unknown): Promise<Error> {
  const { db } = context
  // It ends together with its job: end-run.ts.
  if (error instanceof JobCancelled) return error
  const reason = error instanceof Paused || error instanceof Interrupted || error instanceof DestinationDown || error instanceof JobStopped ? error.message : faultOf(context.jobId)
  if (!(error instanceof Paused || error instanceof Interrupted || error instanceof DestinationDown || error instanceof JobStopped)) context.log.error({ err: error, jobId: context.jobId }, 'push failed')
  const now = await getRunOfJob(db, context.jobId)
  await setRunEnded(db, run.id, { state: 'interrupted', problem: reason })
  if (error instanceof Paused) {
    await setPaused(db, push.id, reason)
    await raiseAlert(db, { ...pushAlert(push), message: `${pushAlert(push).message} is paused: ${reason}` })
  }
  return new JobStopped(`${reason} ${now.total === null ? 'Nothing was sent.' : `${formatNumber(now.sent)} of ${formatCount(now.total, 'user')} were sent; the run can be continued.`}`)
}
