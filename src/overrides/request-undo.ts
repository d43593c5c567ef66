import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { findOpenJobWith } from '../jobs/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import type { Operator } from './decide.ts'
import { lockUndo } from './queries/undo-decisions.ts'

/** Puts the undo of a large act into the data lane and answers its job: the one that is under way already, where it was asked for twice. `finish` runs last in the same transaction. */
export async function requestUndo(db: Db, queue: Queue, entry: { id: string; title: string }, operator: Operator, finish?: (trx: Db, jobId: number) => Promise<void>): Promise<number> {
  const { jobId, isNew } = await shortChange(db, async (trx) => {
    await lockUndo(trx, entry.id)
    const open = await findOpenJobWith(trx, 'undo', { entryId: entry.id })
    if (open) {
      await finish?.(trx, open.id)
      return { jobId: open.id, isNew: false }
    }
    const payload = { entryId: entry.id, operator: { id: operator.id, name: operator.name } }
    const jobId = await queue.enqueue(trx, { kind: 'undo', title: `Undo of: ${entry.title}`, payload, operatorId: operator.id, tokenId: operator.tokenId ?? null })
    await finish?.(trx, jobId)
    return { jobId, isNew: true }
  })
  if (isNew) await queue.wake(jobId)
  return jobId
}
