import type { Transaction } from 'kysely'
import type { TagGroup } from '../catalog/catalog.ts'
import { getCatalog, raiseCatalogVersion } from '../catalog/queries.ts'
import type { Database, Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory } from '../history/queries.ts'
import { Invalid, NotFound } from '../problem.ts'
import { deleteGroups, insertGroup, lockGroups, setGroup } from './queries.ts'
import { familyOf, groupLabel, problemsOfGroup, type GroupValue } from './tag-group.ts'

export interface Actor { id: number; name: string }

/** Adds a group. Throws Invalid with messages by field. */
export async function addGroup(db: Db, value: GroupValue, operator: Actor): Promise<number> {
  return changeGroups(db, async (trx, groups) => {
    refuse(problemsOfGroup(groups, null, value))
    const id = await insertGroup(trx, value)
    const path = value.parentId === null ? value.name : `${groupLabel(groups, value.parentId)} / ${value.name}`
    await insertHistory(trx, { kind: 'structure', title: `Tag group ${path} added`, operator, items: [{ table: 'tag_groups', column: String(id), before: null, after: path }] })
    return id
  })
}

/** Renames or moves a group with everything in it. */
export async function saveGroup(db: Db, id: number, value: GroupValue, operator: Actor): Promise<void> {
  await changeGroups(db, async (trx, groups) => {
    const group = groupOf(groups, id)
    refuse(problemsOfGroup(groups, id, value))
    if (group.name === value.name && group.parentId === value.parentId) return
    await setGroup(trx, id, value)
    const after = value.parentId === null ? value.name : `${groupLabel(groups, value.parentId)} / ${value.name}`
    await insertHistory(trx, { kind: 'structure', title: `Tag group ${group.path.join(' › ')} is now ${after}`, operator, items: [{ table: 'tag_groups', column: String(id), before: group.path.join(' › '), after }] })
  })
}

/** Deletes a group with those below it; their tags stay, without a group. */
export async function removeGroup(db: Db, id: number, operator: Actor): Promise<TagGroup> {
  return changeGroups(db, async (trx, groups) => {
    const group = groupOf(groups, id)
    const family = familyOf(groups, id)
    const { sources } = await getCatalog(trx)
    const tags = sources.flatMap((source) => source.columns.filter((column) => column.kind === 'tag' && column.tagGroupId !== null && family.includes(column.tagGroupId)).map((column) => ({ source, column })))
    await deleteGroups(trx, family)
    await insertHistory(trx, {
      kind: 'structure', title: `Tag group ${group.path.join(' › ')} deleted`, operator,
      items: [{ table: 'tag_groups', column: String(id), before: group.path.join(' › '), after: null },
        ...tags.map(({ source, column }) => ({ table: source.alias, column: column.name, field: 'group', before: groupLabel(groups, column.tagGroupId), after: null }))]
    })
    return group
  })
}

async function changeGroups<T>(db: Db, change: (trx: Transaction<Database>, groups: TagGroup[]) => Promise<T>): Promise<T> {
  return shortChange(db, async (trx) => {
    await lockGroups(trx)
    const result = await change(trx, (await getCatalog(trx)).tagGroups)
    await raiseCatalogVersion(trx)
    return result
  })
}

function groupOf(groups: readonly TagGroup[], id: number): TagGroup {
  const group = groups.find((candidate) => candidate.id === id)
  if (!group) throw new NotFound('This tag group does not exist any more.')
  return group
}

function refuse(messages: Record<string, string>): void {
  if (Object.keys(messages).length) throw new Invalid('The group cannot be saved.', messages)
}
