import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory } from '../history/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { setSchedule } from '../schedules/queries.ts'
import type { Schedule } from '../schedules/schedule.ts'
import type { Operator } from './push.ts'
import { insertPush, lockPush, type NewPush } from './queries/pushes.ts'
import { requestRun } from './request-run.ts'

/** Sets a push up, and runs it now where it has no schedule. Answers both; the job is to be woken. */
export async function setUpPush(db: Db, queue: Queue, wanted: Omit<NewPush, 'operatorId'>, schedule: Schedule | null, operator: Operator): Promise<{ pushId: number; jobId: number | null }> {
  return shortChange(db, async (trx) => {
    const pushId = await insertPush(trx, { ...wanted, operatorId: operator.id })
    await setSchedule(trx, { kind: 'push', subjectId: pushId }, schedule, operator.id)
    await insertHistory(trx, {
      kind: 'push', title: `Push ${pushId} to ${wanted.destination.name} set up`, operator: { id: operator.id, name: operator.name }, fields: wanted.fields.map(({ ref }) => ref),
      items: [
        { table: 'pushes', column: 'number', before: null, after: pushId }, { table: 'pushes', column: 'id_types', before: null, after: wanted.idTypes }, { table: 'pushes', column: 'scope', before: null, after: wanted.scope },
        ...wanted.fields.map(({ ref, name }) => ({ table: 'pushes', column: 'field', field: ref, before: null, after: name }))
      ]
    })
    const jobId = schedule ? null : await requestRun(trx, queue, await lockPush(trx, pushId), operator)
    return { pushId, jobId }
  })
}
