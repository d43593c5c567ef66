import { createHash } from 'node:crypto'
import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory, type ActItem } from '../history/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { itemsOf, refuseWhileRemapping, type Actor } from './change-id-types.ts'
import type { ExceptionAct } from './exception.ts'
import { getMappingSettings, type MappingChange, type MappingSettings } from './mapping-settings.ts'

/** Stands for settings as somebody saw them: a confirmation given to other settings does not count. */
export function markOf(settings: MappingSettings, change: MappingChange): string {
  return createHash('sha256').update(JSON.stringify([settings, change])).digest('base64url').slice(0, 22)
}

/**
 * Puts a change of ID mapping into the data lane, where one job applies the settings and the new mapping together, and
 * answers the job's id. `act` says of one exception what the history says of it. Undefined where the settings are no longer those that `mark` was made of.
 */
export async function requestRemap(db: Db, queue: Queue, change: MappingChange, operator: Actor, title: string, mark: string, act?: ExceptionAct): Promise<number | undefined> {
  const jobId = await shortChange(db, async (trx) => {
    await refuseWhileRemapping(trx)
    const before = await getMappingSettings(trx)
    if (markOf(before, change) !== mark) return undefined
    const id = await queue.enqueue(trx, { kind: 'remap', title, payload: { ...change, operator: { id: operator.id, name: operator.name }, ...(act ? { act } : {}) }, operatorId: operator.id })
    await insertHistory(trx, { kind: 'settings', title: `${title}, ordered`, operator, jobId: id, items: itemsOfChange(before, change) })
    return id
  })
  if (jobId !== undefined) await queue.wake(jobId)
  return jobId
}

function itemsOfChange(before: MappingSettings, change: MappingChange): ActItem[] {
  const item = (column: string, old: unknown, after: unknown): ActItem[] => (after === undefined || JSON.stringify(old) === JSON.stringify(after) ? [] : [{ table: 'settings', column, before: old, after }])
  return [
    ...(change.idTypes ? itemsOf(before.idTypes, change.idTypes) : []),
    ...item('over_shared_limit', before.overSharedLimit, change.overSharedLimit), ...item('placeholders', before.placeholders, change.placeholders)
  ]
}
