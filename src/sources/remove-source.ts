import { raiseCatalogVersion } from '../catalog/queries.ts'
import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory } from '../history/queries.ts'
import { hasOpenRun } from '../imports/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { Conflict } from '../problem.ts'
import { lockSource, setSourceRemoving } from './queries.ts'

/** Orders the removal of a source with all its rows; the job does it. No further file goes into it from now on. */
export async function removeSource(services: { db: Db; queue: Queue }, sourceId: number, operator: { id: number; name: string }): Promise<void> {
  const jobId = await shortChange(services.db, async (trx) => {
    const source = await lockSource(trx, sourceId)
    if (source.removing) throw new Conflict(`The source ${source.alias} is being removed already.`)
    if (await hasOpenRun(trx, sourceId)) throw new Conflict(`A run of ${source.alias} waits or is at work. Wait until it is done, or cancel it on its page, then remove the source.`)
    await setSourceRemoving(trx, sourceId)
    const id = await services.queue.enqueue(trx, { kind: 'remove_source', title: `Removal of ${source.alias}`, payload: { sourceId, operatorId: operator.id, operatorName: operator.name }, operatorId: operator.id })
    await insertHistory(trx, { kind: 'structure', title: `Removal of the source ${source.alias} ordered`, operator, sourceId, jobId: id })
    await raiseCatalogVersion(trx)
    return id
  })
  await services.queue.wake(jobId)
}
