import type { Transaction } from 'kysely'
import type { Access } from '../access/access.ts'
import { audiencesIn, type Condition } from '../catalog/condition.ts'
import { raiseCatalogVersion } from '../catalog/queries.ts'
import { problemOf } from '../conditions/check-condition.ts'
import type { Database, Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory, type ActItem } from '../history/queries.ts'
import type { Queue } from '../jobs/queue.ts'
import { getSelection, setSelectionUsed } from '../overrides/queries/selections.ts'
import { Conflict, Invalid, NotFound, type FieldMessages } from '../problem.ts'
import { setSchedule } from '../schedules/queries.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { calledInHistory, isOwn, noAudience, type Audience, type Details, type Operator } from './audience.ts'
import { reaches } from './circle.ts'
import type { IdFile } from './read-ids.ts'
import { insertAudience, isNameTaken, listUses, lockAudience, lockAudiences, setAudience } from './queries.ts'
import { listGroups } from './queries/groups.ts'
import { requestBuild } from './request-build.ts'

/** What an audience is to be: its rules, users that were chosen, or a file of IDs. */
export interface Wanted { details: Details; rules: Condition | null; selectionId?: string; file?: IdFile; schedule: Schedule | null }

export interface Saved { id: number; jobId: number | null }

/** Adds an audience of this operator and has it built. Throws Invalid with messages by field. */
export async function addAudience(db: Db, queue: Queue, access: Access, wanted: Wanted, operator: Operator): Promise<Saved> {
  return shortChange(db, async (trx) => {
    await lockAudiences(trx)
    await refuse(trx, access, null, wanted, operator)
    const { selectionId, file } = wanted
    const chosen = selectionId === undefined ? null : await getSelection(trx, selectionId, operator.id)
    const id = await insertAudience(trx, { details: wanted.details, ownerId: operator.id, kind: chosen ? 'picked' : file ? 'ids' : 'rules', rules: wanted.rules, uses: usesOf(wanted) })
    const jobId = await requestBuild(trx, queue, id, operator, chosen ? { selectionId: chosen.id } : file ? { file } : {})
    if (chosen && !(await setSelectionUsed(trx, chosen.id, { jobId }))) throw new Conflict('These users were used for something else meanwhile. Choose them again.')
    await setSchedule(trx, { kind: 'audience', subjectId: id }, wanted.schedule, operator.id)
    await insertHistory(trx, { kind: 'audience', title: `${calledInHistory(wanted.details)} added`, operator: { id: operator.id, name: operator.name }, items: itemsOf(id, null, wanted) })
    await raiseCatalogVersion(trx)
    return { id, jobId }
  })
}

/** Changes an audience; where its rules changed it is built anew. `version` is that of the form. */
export async function changeAudience(db: Db, queue: Queue, access: Access, id: number, version: number, wanted: Wanted, operator: Operator): Promise<Saved> {
  return shortChange(db, async (trx) => {
    await lockAudiences(trx)
    const before = await lockAudience(trx, id)
    if (!isOwn(before, operator)) throw new NotFound(noAudience)
    if (before.version !== version) throw new Conflict('This audience was changed meanwhile, in another window. Open it anew; nothing was saved.')
    await refuse(trx, access, id, wanted, operator)
    await setAudience(trx, id, wanted.details, { rules: wanted.rules, uses: usesOf(wanted) })
    await setSchedule(trx, { kind: 'audience', subjectId: id }, wanted.schedule, operator.id)
    const asked = before.kind === 'rules' && (JSON.stringify(before.rules) !== JSON.stringify(wanted.rules) || before.paused !== null)
    const jobId = asked ? await requestBuild(trx, queue, id, operator) : null
    await insertHistory(trx, { kind: 'audience', title: `${calledInHistory(before.shared ? before : wanted.details)} changed`, operator: { id: operator.id, name: operator.name }, items: itemsOf(id, before, wanted) })
    await raiseCatalogVersion(trx)
    return { id, jobId }
  })
}

function usesOf({ rules }: Wanted): number[] {
  return rules ? audiencesIn(rules) : []
}

async function refuse(trx: Transaction<Database>, access: Access, id: number | null, wanted: Wanted, operator: Operator): Promise<void> {
  const messages: FieldMessages = {}
  const { name, description, groupId } = wanted.details
  if (name === '') messages['name'] = 'Give the audience a name.'
  else if (name.length > 100) messages['name'] = 'A name can have at most 100 characters.'
  else if (await isNameTaken(trx, operator.id, name, id)) messages['name'] = 'You have an audience of this name already.'
  if (description.length > 500) messages['description'] = 'A description can have at most 500 characters.'
  if (groupId !== null && !(await listGroups(trx)).some((group) => group.id === groupId)) messages['group'] = 'This group does not exist any more. Choose another.'
  const problem = wanted.rules && problemOf(access, wanted.rules)
  if (problem) messages['rules'] = problem
  else if (id !== null && reaches(await listUses(trx), usesOf(wanted), id)) messages['rules'] = 'An audience cannot be made of itself: one of those that the rules name is made of this one.'
  if (Object.keys(messages).length) throw new Invalid('The audience was not saved.', messages)
}

/** What the history keeps. Rules may speak of what some of its readers do not see: only that they changed is told. */
function itemsOf(id: number, before: Audience | null, { details, rules }: Wanted): ActItem[] {
  const told = details.shared && (before?.shared ?? true)
  const item = (column: string, old: unknown, now: unknown): ActItem[] => (old === now ? [] : [{ table: 'audiences', column, before: old, after: now }])
  return [
    ...(told ? [...item('name', before?.name ?? null, details.name), ...item('description', before?.description ?? '', details.description)] : []),
    ...item('shared', before?.shared ?? null, details.shared), ...item('group', before?.groupId ?? null, details.groupId),
    ...(before && JSON.stringify(before.rules) !== JSON.stringify(rules) ? [{ table: 'audiences', column: 'rules', before: null, after: 'changed' }] : []),
    ...item('number', before ? id : null, id)
  ]
}
