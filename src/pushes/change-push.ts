import type { Transaction } from 'kysely'
import type { Database, Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { cancelJob } from '../jobs/cancel-job.ts'
import type { JobHandlers } from '../jobs/job.ts'
import type { Queue } from '../jobs/queue.ts'
import { endAlert } from '../alerts/queries.ts'
import { Conflict, NotFound } from '../problem.ts'
import { setSchedule } from '../schedules/queries.ts'
import { isUnderWay, pushAlert, type Operator, type Push, type PushRun } from './push.ts'
import { deleteBatches } from './queries/batches.ts'
import { lockPush, setEnded, setPaused } from './queries/pushes.ts'
import { findRun, findRunUnderWay } from './queries/runs.ts'
import { enqueueRun, refuseSecond, requestRun } from './request-run.ts'

const noRun = 'There is no such run.'

/** Runs a push now. Answers the job, which is to be woken. */
export async function runNow(db: Db, queue: Queue, pushId: number, operator: Operator): Promise<number> {
  return db.transaction().execute(async (trx) => requestRun(trx, queue, await notPaused(trx, pushId), operator))
}

/** Goes on with a run that was interrupted, from the last batch that was acknowledged. */
export async function continueRun(db: Db, queue: Queue, pushId: number, runId: number, operator: Operator): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const push = await notPaused(trx, pushId)
    const run = await runOf(trx, push, runId)
    await refuseSecond(trx, push)
    if (run.state !== 'interrupted' || (run.total !== null && run.open === 0)) throw new Conflict('This run cannot be continued: nothing is left of it.')
    return enqueueRun(trx, queue, push, operator, run.id)
  })
}

/** Sends users again whom the destination refused in a run. */
export async function sendAgain(db: Db, queue: Queue, pushId: number, runId: number, operator: Operator): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const push = await notPaused(trx, pushId)
    const run = await runOf(trx, push, runId)
    if (isUnderWay(run) || run.failed === 0) throw new Conflict('There is nobody of this run to send again.')
    return requestRun(trx, queue, push, operator, run.id)
  })
}

export async function cancelRun(db: Db, handlers: JobHandlers, pushId: number, runId: number, operator: Operator): Promise<void> {
  const run = await findRun(db, pushId, runId)
  if (!run) throw new NotFound(noRun)
  if (run.jobId !== null && isUnderWay(run)) await cancelJob(db, handlers, run.jobId, operator)
}

/** It begins no run any more, and lets go of its audience and its destination. */
export async function endPush(db: Db, pushId: number, operator: Operator): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const push = await lockPush(trx, pushId)
    if (push.endedAt) return
    if (await findRunUnderWay(trx, pushId)) throw new Conflict('A run of this push is under way. Cancel it first.')
    await deleteBatches(trx, { pushId, exceptRun: 0 })
    await setSchedule(trx, { kind: 'push', subjectId: pushId }, null, operator.id)
    await setEnded(trx, pushId)
    await endAlert(trx, { subject: pushAlert(push).subject }, operator.id)
    await told(trx, push, operator, 'ended')
  })
}

/** Lets a paused push run again: the next run finds out whether it may. */
export async function resumePush(db: Db, pushId: number, operator: Operator): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const push = await lockPush(trx, pushId)
    if (push.paused === null || push.endedAt) return
    await setPaused(trx, pushId, null)
    await endAlert(trx, { subject: pushAlert(push).subject }, operator.id)
    await told(trx, push, operator, 'resumed')
  })
}

async function notPaused(trx: Transaction<Database>, pushId: number): Promise<Push> {
  const push = await lockPush(trx, pushId)
  if (push.paused !== null) throw new Conflict(`This push is paused: ${push.paused} Resume it first.`)
  return push
}

async function runOf(trx: Transaction<Database>, push: Push, runId: number): Promise<PushRun> {
  const run = await findRun(trx, push.id, runId)
  if (!run) throw new NotFound(noRun)
  return run
}

async function told(trx: Transaction<Database>, push: Push, { id, name }: Operator, word: string): Promise<void> {
  await insertHistory(trx, { kind: 'push', title: `Push ${push.id} to ${push.destination.name} ${word}`, operator: { id, name }, items: [{ table: 'pushes', column: 'number', before: push.id, after: word === 'ended' ? null : push.id }] })
}
