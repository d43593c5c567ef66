import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { Conflict, NotFound } from '../problem.ts'
import { findOpenErasureOf, findUserOf, insertErasure, setErasureJob } from './queries.ts'
import type { ErasePayload } from './run-erase.ts'

/** Orders the erasure of a person; answers the job that does it. `enqueue` puts the job where it will be run. */
export async function requestErasure(db: Db, enqueue: Queue['enqueue'], number: string, operator: { id: number; name: string } | null): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const userId = await findUserOf(trx, number)
    if (userId === undefined) throw new NotFound(`There is no user ${number}.`)
    const open = await findOpenErasureOf(trx, userId)
    if (open?.jobId) throw new Conflict('This person is being erased already.')
    const erasureId = await insertErasure(trx, { userId, operator })
    const payload: ErasePayload = { erasureId, userId, operator: operator && { id: operator.id, name: operator.name } }
    const jobId = await enqueue(trx, { kind: 'erase', title: `Erasure of user ${userId}`, payload, operatorId: operator?.id ?? null })
    await setErasureJob(trx, erasureId, jobId)
    await insertHistory(trx, { kind: 'erase', title: `Erasure of user ${userId} ordered`, operator, jobId })
    return jobId
  })
}
