import type { Transaction } from 'kysely'
import type { Database } from '../db/database.ts'
import type { Starter } from '../schedules/starter.ts'
import { findRunUnderWay, insertRun } from './queries/runs.ts'
import { lockPush } from './queries/pushes.ts'
import { requestRun } from './request-run.ts'

/** Runs a push by its schedule. Where the run before is still under way, this one is skipped, and its record says so. */
export const startPush: Starter = async (trx, pushId, { queue }) => {
  const within = trx as Transaction<Database>
  const push = await lockPush(within, pushId)
  if (push.paused !== null || push.endedAt !== null || push.destination.id === null) return null
  if (await findRunUnderWay(within, pushId)) {
    await insertRun(within, { pushId, operatorId: null, state: 'skipped', problem: 'The run before it was still under way.' })
    return null
  }
  return requestRun(within, queue, push, null)
}
