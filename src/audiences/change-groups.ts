import type { Transaction } from 'kysely'
import { raiseCatalogVersion } from '../catalog/queries.ts'
import type { Database, Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory } from '../history/queries.ts'
import { Invalid, NotFound } from '../problem.ts'
import type { Operator } from './audience.ts'
import { familyOf, groupLabel, problemsOfGroup, type AudienceGroup, type GroupValue } from './group.ts'
import { deleteGroups, insertGroup, lockGroups, setGroup } from './queries/groups.ts'

export const noGroup = 'There is no such group of audiences.'

/** Adds a group. Throws Invalid with messages by field. */
export async function addGroup(db: Db, value: GroupValue, operator: Operator): Promise<number> {
  return changeGroups(db, async (trx, groups) => {
    refuse(groups, null, value)
    const id = await insertGroup(trx, value)
    const path = pathOf(groups, value)
    await insertHistory(trx, { kind: 'audience', title: `Group of audiences ${path} added`, operator: nameOf(operator), items: [{ table: 'audience_groups', column: String(id), before: null, after: path }] })
    return id
  })
}

/** Renames or moves a group with everything in it. */
export async function saveGroup(db: Db, id: number, value: GroupValue, operator: Operator): Promise<void> {
  await changeGroups(db, async (trx, groups) => {
    const group = groupIn(groups, id)
    refuse(groups, id, value)
    if (group.name === value.name && group.parentId === value.parentId) return
    await setGroup(trx, id, value)
    const [before, after] = [groupLabel(groups, id), pathOf(groups, value)]
    await insertHistory(trx, { kind: 'audience', title: `Group of audiences ${before} is now ${after}`, operator: nameOf(operator), items: [{ table: 'audience_groups', column: String(id), before, after }] })
  })
}

/** Deletes a group with those below it; their audiences stay, without a group. */
export async function removeGroup(db: Db, id: number, operator: Operator): Promise<AudienceGroup> {
  return changeGroups(db, async (trx, groups) => {
    const group = groupIn(groups, id)
    await deleteGroups(trx, familyOf(groups, id))
    await insertHistory(trx, { kind: 'audience', title: `Group of audiences ${groupLabel(groups, id)} deleted`, operator: nameOf(operator), items: [{ table: 'audience_groups', column: String(id), before: groupLabel(groups, id), after: null }] })
    return group
  })
}

async function changeGroups<T>(db: Db, change: (trx: Transaction<Database>, groups: AudienceGroup[]) => Promise<T>): Promise<T> {
  return shortChange(db, async (trx) => {
    const result = await change(trx, await lockGroups(trx))
    await raiseCatalogVersion(trx)
    return result
  })
}

function groupIn(groups: readonly AudienceGroup[], id: number): AudienceGroup {
  const group = groups.find((candidate) => candidate.id === id)
  if (!group) throw new NotFound(noGroup)
  return group
}

function refuse(groups: readonly AudienceGroup[], id: number | null, value: GroupValue): void {
  const messages = problemsOfGroup(groups, id, value)
  if (Object.keys(messages).length) throw new Invalid('The group was not saved.', messages)
}

function pathOf(groups: readonly AudienceGroup[], { name, parentId }: GroupValue): string {
  return parentId === null ? name : `${groupLabel(groups, parentId)} › ${name}`
}

function nameOf({ id, name }: Operator): Operator {
  return { id, name }
}
