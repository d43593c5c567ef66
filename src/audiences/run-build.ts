import type { Access } from '../access/access.ts'
import { may } from '../access/permissions.ts'
import { endAlert, type NewAlert } from '../alerts/queries.ts'
import { raiseCatalogVersion } from '../catalog/queries.ts'
import { problemOf } from '../conditions/check-condition.ts'
import type { Sql } from '../db/sql.ts'
import { nextTableName } from '../db/table-version.ts'
import { insertHistory } from '../history/queries.ts'
import { endJob } from '../jobs/end-job.ts'
import { JobStopped, type JobContext } from '../jobs/job.ts'
import { inDataTransaction } from '../jobs/transaction.ts'
import type { Work } from '../jobs/work.ts'
import { currentRights } from '../operators/current-rights.ts'
import { dropRetired } from '../projection/statistics.ts'
import { discardUpload } from '../sources/discard-upload.ts'
import { idKeysOf } from '../users/id-keys.ts'
import { matchingUsers } from '../users/queries/matching.ts'
import { alertSubject, calledInHistory, type Audience, type IdCounts, type Operator } from './audience.ts'
import { readIds, type IdFile } from './read-ids.ts'
import { findAudience, setPaused } from './queries.ts'
import { chosenUsers, countChange, keptUsers, makeMembers, setBuilt } from './queries/build.ts'

export interface BuildPayload {
  audienceId: number
  /** Who asked for it; null where a schedule did. */
  operator: Operator | null
  /** The choice that it is made of, where it does not ask rules. */
  selectionId?: string
  file?: IdFile
  /** Those of the build before, as far as a new owner finds them: what was chosen is not kept. */
  kept?: true
  /** Who is told where nobody waits for it. */
  alert?: NewAlert
}

/**
 * The job 'audience': finds the members of an audience anew, with what its owner may see now. It is a job of the data lane, so
 * that nobody changes hands meanwhile. Those before stay where it cannot be built.
 */
export async function runBuild(context: JobContext, payload: BuildPayload): Promise<unknown> {
  const result = await inDataTransaction(context, async (work) => {
    const audience = await findAudience(work.db, payload.audienceId)
    if (!audience) throw new JobStopped('The audience was deleted meanwhile.')
    const access = await accessOfOwner(work, audience)
    context.progress('Find members', 0, 100)
    const before = work.catalog.audiences.find(({ id }) => id === audience.id)?.membersTable ?? null
    const { users, ids } = await membersOf(work, access, audience, payload, before)
    const table = await nextTableName(context.db, `audience_${audience.id}`)
    const size = await makeMembers(work, table, users, before)
    context.progress('Compare', 80, 100)
    const change = await countChange(work, table, before)
    await context.check()
    const built = await setBuilt(work, audience.id, { ownerId: audience.owner.id, table, before, size, ...change, builtBy: payload.operator?.name ?? null, ids })
    if (!built) throw new JobStopped('The audience was taken over meanwhile, and is built for its new owner.')
    await endAlert(work.db, { subject: alertSubject(audience.id) }, null)
    await raiseCatalogVersion(work.db)
    const entryId = await insertHistory(work.db, { kind: 'audience', title: `${calledInHistory(audience)} built`, operator: payload.operator, jobId: context.jobId, usersAffected: size })
    const counts = { audienceId: audience.id, members: size, membersCame: change.came, membersWent: change.went, ...(ids ? { idsFound: ids.found, idsMissing: ids.missing, idsAmbiguous: ids.ambiguous } : {}), entryId }
    await endJob(work, counts)
    return counts
  })
  if (payload.file) await discardUpload(context.db, { id: payload.file.uploadId, path: payload.file.path })
  await dropRetired(context)
  return result
}

/** What the owner sees now. Where that is not enough, the audience is paused and the job says why. */
async function accessOfOwner(work: Work, audience: Audience): Promise<Access> {
  const rights = await currentRights(work.db, work.catalog, audience.owner.id)
  if (!rights) return pause(work, audience, `The account of ${audience.owner.name} was switched off or removed. An audience is built with what its owner may see; ${audience.shared ? 'somebody else' : 'an administrator'} can take it over.`)
  if (!may(rights, 'audiences.manage')) return pause(work, audience, `The roles of ${audience.owner.name} do not include managing audiences any more.`)
  const problem = audience.rules && problemOf(rights.access, audience.rules)
  if (problem) return pause(work, audience, `Its rules name something that ${audience.owner.name} does not see any more, or that is gone.`)
  return rights.access
}

/** Written apart from the work of the job, which is taken back. */
async function pause(work: Work, audience: Audience, reason: string): Promise<never> {
  await setPaused(work.context.db, audience.id, reason)
  throw new JobStopped(`${reason} The members of its last build stay.`)
}

async function membersOf(work: Work, access: Access, audience: Audience, payload: BuildPayload, before: string | null): Promise<{ users: Sql; ids: IdCounts | null }> {
  const reading = { timeZone: work.context.timeZone, keys: idKeysOf(access, work.context.aesKey) }
  if (audience.kind === 'rules') return { users: matchingUsers(access, reading, audience.rules ?? { and: [] }), ids: null }
  if (payload.kept && before) return { users: keptUsers(access, reading, before), ids: null }
  if (audience.kind === 'picked' && payload.selectionId) return { users: chosenUsers(access, reading, payload.selectionId), ids: null }
  if (audience.kind === 'ids' && payload.file) return readIds(work, access, reading.keys, payload.file)
  throw new JobStopped('What this audience was made of is not kept. Choose its users again.')
}
