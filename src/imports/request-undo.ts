import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory } from '../history/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { Conflict } from '../problem.ts'
import { findOpenRun, findOpenUndo, getRunUndo } from './queries/undo.ts'
import { whyNotUndoable } from './undo-refusal.ts'

/** Why the undo of a run cannot be ordered now, in words for people; null where it can. */
export async function whyNoUndo(db: Db, run: { id: number; sourceId: number }): Promise<string | null> {
  const refusal = whyNotUndoable(await getRunUndo(db, run.id))
  if (refusal) return refusal
  const open = await findOpenRun(db, run.sourceId)
  return open === undefined ? null : `Run ${open} of this source waits or is at work. Wait until it is done, or cancel it on its page.`
}

/** Orders the undo of a run and answers the job that does it; ordered twice, it is the same job. Throws Conflict with the reason where it cannot be undone. */
export async function requestRunUndo(services: { db: Db; queue: Queue }, run: { id: number; sourceId: number; alias: string }, operator: { id: number; name: string }): Promise<number> {
  const { jobId, fresh } = await shortChange(services.db, async (trx) => {
    const open = await findOpenUndo(trx, run.id)
    if (open !== undefined) return { jobId: open, fresh: false }
    const refusal = await whyNoUndo(trx, run)
    if (refusal) throw new Conflict(refusal)
    const id = await services.queue.enqueue(trx, { kind: 'undo_run', title: `Undo of run ${run.id} of ${run.alias}`, payload: { runId: run.id, operator: { id: operator.id, name: operator.name } }, operatorId: operator.id })
    await insertHistory(trx, { kind: 'undo', title: `Undo of run ${run.id} of ${run.alias} ordered`, operator, sourceId: run.sourceId, runId: run.id, jobId: id })
    return { jobId: id, fresh: true }
  })
  if (fresh) await services.queue.wake(jobId)
  return jobId
}
