import type { Transaction } from 'kysely'
import type { Database } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { Conflict } from '../problem.ts'
import { pushAlert, type Operator, type Push } from './push.ts'
import { findRunUnderWay, insertRun, setRunJob } from './queries/runs.ts'

/** Orders a run of a push that the caller has locked; answers its job, which is to be woken. Throws Conflict while another run of it is under way. */
export async function requestRun(trx: Transaction<Database>, queue: Queue, push: Push, operator: Operator | null, againOf: number | null = null): Promise<number> {
  await refuseSecond(trx, push)
  return enqueueRun(trx, queue, push, operator, await insertRun(trx, { pushId: push.id, operatorId: operator?.id ?? null, againOf }))
}

/** One run of a push at a time: two would send the same users, and each would write down what only one did. */
export async function refuseSecond(trx: Transaction<Database>, push: Push): Promise<void> {
  if (push.endedAt) throw new Conflict('This push was ended. Set up a new one.')
  if (push.destination.id === null) throw new Conflict('The destination of this push is gone. Set up a new one.')
  if (await findRunUnderWay(trx, push.id)) throw new Conflict('A run of this push is under way already. Wait until it is done, or cancel it.')
}

/** Puts a run into the queue, from its beginning or from where it was interrupted. */
export async function enqueueRun(trx: Transaction<Database>, queue: Queue, push: Push, operator: Operator | null, runId: number): Promise<number> {
  const payload = { pushId: push.id, destinationId: push.destination.id, ...(operator === null ? { alert: pushAlert(push) } : {}) }
  const jobId = await queue.enqueue(trx, { kind: 'push', title: `Push to ${push.destination.name}`, payload, operatorId: operator?.id ?? push.operator.id })
  await setRunJob(trx, runId, jobId)
  if (operator) await insertHistory(trx, { kind: 'push', title: `Run of push ${push.id} to ${push.destination.name} ordered`, operator: { id: operator.id, name: operator.name }, jobId, items: [{ table: 'pushes', column: 'number', before: null, after: push.id }] })
  return jobId
}
