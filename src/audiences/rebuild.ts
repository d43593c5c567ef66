import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { Conflict } from '../problem.ts'
import { calledInHistory, type Audience, type Operator } from './audience.ts'
import { lockAudience } from './queries.ts'
import { requestBuild } from './request-build.ts'

/** Has an audience built again because somebody asks for it. Answers the job, which is to be woken. `finish` runs last in the same transaction. */
export async function rebuild(db: Db, queue: Queue, audience: Audience, operator: Operator, finish?: (trx: Db, jobId: number) => Promise<void>): Promise<number> {
  if (audience.kind !== 'rules') throw new Conflict('The users of this audience were chosen. Choose others instead of building it again.')
  return db.transaction().execute(async (trx) => {
    const { name, shared } = await lockAudience(trx, audience.id)
    const jobId = await requestBuild(trx, queue, audience.id, operator)
    await insertHistory(trx, { kind: 'audience', title: `${calledInHistory({ name, shared })}: build asked for`, operator: { id: operator.id, name: operator.name, tokenId: operator.tokenId ?? null }, jobId })
    await finish?.(trx, jobId)
    return jobId
  })
}
