import type { FieldMessages } from '../problem.ts'
import { ungrouped } from './audience.ts'

export interface AudienceGroup { id: number; parentId: number | null; name: string; path: string[] }
export interface GroupValue { name: string; parentId: number | null }

export const maxLevels = 6

/** Each group before those inside it. */
export function groupsInTree(groups: readonly { id: number; parentId: number | null; name: string }[], parentId: number | null = null, above: readonly string[] = []): AudienceGroup[] {
  return groups.filter((group) => group.parentId === parentId).flatMap((group): AudienceGroup[] => {
    const path = [...above, group.name]
    return [{ ...group, path }, ...groupsInTree(groups, group.id, path)]
  })
}

/** A group with everything below it. */
export function familyOf(groups: readonly AudienceGroup[], id: number): number[] {
  return [id, ...groups.filter((group) => group.parentId === id).flatMap((group) => familyOf(groups, group.id))]
}

export function groupLabel(groups: readonly AudienceGroup[], id: number | null): string {
  return groups.find((group) => group.id === id)?.path.join(' › ') ?? ungrouped
}

/** What stands against a group with this name in this place, by field. `id` is null for a new one. */
export function problemsOfGroup(groups: readonly AudienceGroup[], id: number | null, { name, parentId }: GroupValue): FieldMessages {
  const messages: FieldMessages = {}
  const parent = groups.find((group) => group.id === parentId)
  const family = id === null ? [] : familyOf(groups, id)
  const height = id === null ? 1 : 1 + Math.max(...groups.filter((group) => family.includes(group.id)).map((group) => group.path.length)) - (groups.find((group) => group.id === id)?.path.length ?? 1)
  if (name === '') messages['name'] = 'Give the group a name.'
  else if (name.length > 60) messages['name'] = 'A name can have at most 60 characters.'
  else if (parentId === null && name.toLowerCase() === ungrouped.toLowerCase()) messages['name'] = 'Audiences without a group stand under this name already.'
  else if (groups.some((group) => group.id !== id && group.parentId === parentId && group.name.toLowerCase() === name.toLowerCase())) messages['name'] = 'There is a group of this name at this place already.'
  if (parentId !== null && !parent) messages['parent'] = 'This group does not exist any more. Choose another.'
  else if (parentId !== null && family.includes(parentId)) messages['parent'] = 'A group cannot be inside itself.'
  else if ((parent?.path.length ?? 0) + height > maxLevels) messages['parent'] = `Groups have at most ${maxLevels} levels. Choose one further up.`
  return messages
}
