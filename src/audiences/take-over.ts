import type { Access } from '../access/access.ts'
import { endAlert } from '../alerts/queries.ts'
import { raiseCatalogVersion } from '../catalog/queries.ts'
import { problemOf } from '../conditions/check-condition.ts'
import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory } from '../history/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { Conflict } from '../problem.ts'
import { getSchedule, setSchedule } from '../schedules/queries.ts'
import { alertSubject, calledInHistory, isForsakenFor, isOwn, type Audience, type Operator } from './audience.ts'
import { isNameTaken, lockAudience, lockAudiences, setOwner, setPaused } from './queries.ts'
import { requestBuild } from './request-build.ts'

export const unseenRules = 'Its rules name something that you do not see, or that is gone.'

/**
 * Makes an operator the owner of an audience whose owner is gone, and has it built with what they see: its members and its size
 * until then are those of somebody who saw something else. Answers the job, which is to be woken; null where it cannot be built
 * before its rules are changed. Throws Conflict where it is not forsaken, or the operator has one of this name.
 */
export async function takeOver(db: Db, queue: Queue, access: Access, id: number, operator: Operator): Promise<{ audience: Audience; jobId: number | null }> {
  return shortChange(db, async (trx) => {
    await lockAudiences(trx)
    const audience = await lockAudience(trx, id)
    const refusal = await refusalOfTakeOver(trx, audience, operator)
    if (refusal) throw new Conflict(refusal)
    await setOwner(trx, id, operator.id)
    const kept = await getSchedule(trx, { kind: 'audience', subjectId: id })
    if (kept) await setSchedule(trx, { kind: 'audience', subjectId: id }, kept.schedule, operator.id)
    await endAlert(trx, { subject: alertSubject(id) }, operator.id)
    const { name, shared, owner } = audience
    await insertHistory(trx, {
      kind: 'audience', title: `${calledInHistory({ name, shared })} of ${owner.name} taken over`, operator: { id: operator.id, name: operator.name },
      items: [{ table: 'audiences', column: 'owner', before: owner.name, after: operator.name }, { table: 'audiences', column: 'number', before: id, after: id }]
    })
    await raiseCatalogVersion(trx)
    const unseen = audience.rules !== null && problemOf(access, audience.rules) !== undefined
    if (unseen) await setPaused(trx, id, `${unseenRules} Put others in their place.`)
    return { audience, jobId: unseen ? null : await requestBuild(trx, queue, id, operator, audience.kind === 'rules' ? {} : { kept: true }) }
  })
}

/** Why an audience cannot be taken over by this operator, or ''. */
export async function refusalOfTakeOver(db: Db, audience: Audience, operator: Operator): Promise<string> {
  if (isOwn(audience, operator)) return 'This audience is yours already.'
  if (!isForsakenFor(audience, operator)) return `${audience.owner.name} owns this audience and can sign in. It can be copied instead.`
  return await isNameTaken(db, operator.id, audience.name, null) ? `You have an audience of the name ${audience.name} already. Give yours another name first.` : ''
}
