import { may } from '../access/permissions.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { findOpenField } from '../conditions/field.ts'
import type { Db, OverridePolicy } from '../db/database.ts'
import { insertHistory, setOutcome } from '../history/queries.ts'
import { endJob } from '../jobs/end-job.ts'
import { publishTables } from '../projection/publish-tables.ts'
import { inDataTransaction } from '../jobs/transaction.ts'
import { JobStopped, type JobContext } from '../jobs/job.ts'
import { overrideMark } from '../projection/lock.ts'
import { projectChanges } from '../projection/project-field.ts'
import { currentRights } from '../operators/current-rights.ts'
import type { ActTitle, Operator } from './decide.ts'
import { insertMany, type Change } from './queries/insert-decisions.ts'
import { takeSelected } from './queries/selections.ts'
import { targetOf } from '../catalog/target.ts'

export interface BatchPayload extends ActTitle { selectionId: string; ref: string; change: Change; policy: OverridePolicy; operator: Operator }

/** The job 'batch': one decision about many users that were chosen before, all of it or nothing. */
export async function runBatch(context: JobContext, payload: BatchPayload): Promise<unknown> {
  const result = await inDataTransaction(context, async (work) => {
    const target = targetOf(work.catalog, payload.ref)
    if (!target) throw new JobStopped('The tag is not there any more. Nothing was changed.')
    if (!(await mayStill(work.db, work.catalog, payload))) throw new JobStopped('The roles of who ordered this do not include it any more. Nothing was changed.')
    context.progress('Choose users', 0, 100)
    const users = await takeSelected(work, payload.selectionId)
    if (users === 0) throw new JobStopped('None of these users is there any more. Nothing was changed.')
    const mark = await overrideMark(work.db)
    const entryId = await insertHistory(work.db, { kind: payload.kind, title: payload.title, operator: payload.operator, jobId: context.jobId })
    context.progress('Record', 10, 100)
    const decision = { target, change: payload.change, policy: payload.policy, always: true }
    const outcome = await insertMany(work, 'chosen_users', decision, { entryId, operatorId: payload.operator.id })
    if (outcome.users === 0) throw new JobStopped('None of these users has a hand-set value. Nothing was changed.')
    await setOutcome(work.db, entryId, outcome.users, [payload.ref])
    await context.check()
    context.progress('Show', 40, 100)
    await projectChanges(work, target, outcome, mark, { entryId })
    context.progress('Publish', 95, 100)
    await publishTables(work, [], null, null)
    const counts = { users: outcome.users, usersChanged: outcome.changed, usersGone: payload.change.mode === 'return' ? 0 : users - outcome.users, entryId }
    await endJob(work, counts)
    return counts
  })
  await context.enqueue({ kind: 'statistics', title: 'Counting values', payload: {}, operatorId: null })
  return result
}

/** A choice may have waited for hours, and roles are changed at any time: what counts is what they say now. */
async function mayStill(db: Db, catalog: Catalog, { operator, ref }: BatchPayload): Promise<boolean> {
  const rights = await currentRights(db, catalog, operator.id)
  return rights !== undefined && may(rights, 'user_360.batch_tag') && findOpenField(rights.access, ref) !== undefined
}
