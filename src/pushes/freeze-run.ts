import type { Transaction } from 'kysely'
import { readSnapshotForChange } from '../db/snapshot.ts'
import type { Database } from '../db/database.ts'
import type { Destination } from '../destinations/destination.ts'
import type { JobContext } from '../jobs/job.ts'
import { idKeysOf } from '../users/id-keys.ts'
import type { Push, PushRun } from './push.ts'
import { failedUsers, insertBatches, setFailuresAgain, setRunTotal } from './queries/batches.ts'
import { cameSince, leftSince, membersOf } from './queries/members.ts'
import { rightsFor } from './rights.ts'
import { withFreshTables } from './with-fresh-tables.ts'

/** Decides once whom a run sends, in batches of a size, so that it goes on with the same ones wherever it was cut short. Answers how many users they are. */
export async function freezeRun({ db, timeZone, aesKey }: JobContext, run: PushRun, push: Push, destination: Destination, size: number): Promise<number> {
  return withFreshTables(() => readSnapshotForChange(db, async (trx: Transaction<Database>) => {
    const access = await rightsFor(trx, push, destination)
    const members = membersOf(access, { timeZone, keys: idKeysOf(access, aesKey) }, push)
    const total = run.againOf === null ? await freezeMembers(trx, run, push, members, size) : await freezeFailed(trx, run, run.againOf, push, size)
    await setRunTotal(trx, run.id, total)
    return total
  }))
}

async function freezeMembers(trx: Transaction<Database>, run: PushRun, push: Push, members: ReturnType<typeof membersOf>, size: number): Promise<number> {
  if (push.scope === 'whole') return insertBatches(trx, run.id, size, 'member', members)
  const came = await insertBatches(trx, run.id, size, 'came', cameSince(members, push.id))
  return came + await insertBatches(trx, run.id, size, 'left', leftSince(members, push.id))
}

async function freezeFailed(trx: Transaction<Database>, run: PushRun, againOf: number, push: Push, size: number): Promise<number> {
  const came = await insertBatches(trx, run.id, size, push.scope === 'whole' ? 'member' : 'came', failedUsers(againOf, false))
  const left = await insertBatches(trx, run.id, size, 'left', failedUsers(againOf, true))
  await setFailuresAgain(trx, againOf, run.id)
  return came + left
}
