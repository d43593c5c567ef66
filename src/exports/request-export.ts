import type { Access } from '../access/access.ts'
import type { Db } from '../db/database.ts'
import { insertHistory, type Actor } from '../history/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { TooMany } from '../problem.ts'
import { exportAct } from './history.ts'
import { insertExport, lockExportCounts, setChoice, type ExportOrder } from './queries.ts'

export const limits = { open: 3, anHour: 20 }

/** Orders an export, and remembers what was chosen for the next one. Throws Invalid where there were too many. Answers the job, which is to be woken. `finish` runs last in the same transaction. */
export async function requestExport(db: Db, queue: Queue, access: Access, order: ExportOrder, operator: Actor, finish?: (trx: Db, made: { exportId: number; jobId: number }) => Promise<void>): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { open, lately } = await lockExportCounts(trx, operator.id)
    if (open >= limits.open) throw new TooMany(`${limits.open} of your exports have not ended yet. Wait until one is done, or cancel it under Settings > Exports.`, 60)
    if (lately >= limits.anHour) throw new TooMany(`You have ordered ${limits.anHour} exports within the last hour, which is as many as there may be. Try again later.`, 3600)
    const jobId = await queue.enqueue(trx, { kind: 'export', title: 'Export of users', payload: {}, operatorId: operator.id, tokenId: operator.tokenId ?? null })
    const exportId = await insertExport(trx, { ...order, jobId, operatorId: operator.id })
    // What a program asks for is not what its operator would choose next.
    if (!operator.tokenId) await setChoice(trx, operator.id, order)
    await insertHistory(trx, exportAct('Export of users ordered', access, { ...order, jobId, operator }))
    await finish?.(trx, { exportId, jobId })
    return jobId
  })
}
