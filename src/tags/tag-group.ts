import type { TagGroup } from '../catalog/catalog.ts'
import type { FieldMessages } from '../problem.ts'

export const maxLevels = 3
export const uncategorized = 'Uncategorized'

export interface GroupNode<T> { group: TagGroup; children: GroupNode<T>[]; value: T }

/** The groups as a tree, each with a value of its own; in the order of the list. */
export function treeOf<T>(groups: readonly TagGroup[], valueOf: (group: TagGroup) => T, parentId: number | null = null): GroupNode<T>[] {
  return groups.filter((group) => group.parentId === parentId).map((group) => ({ group, value: valueOf(group), children: treeOf(groups, valueOf, group.id) }))
}

/** A group with everything below it. */
export function familyOf(groups: readonly TagGroup[], id: number): number[] {
  return [id, ...groups.filter((group) => group.parentId === id).flatMap((group) => familyOf(groups, group.id))]
}

/** How many levels a group and what is below it take. */
export function heightOf(groups: readonly TagGroup[], id: number): number {
  return 1 + Math.max(0, ...groups.filter((group) => group.parentId === id).map((group) => heightOf(groups, group.id)))
}

export function groupLabel(groups: readonly TagGroup[], id: number | null): string {
  return groups.find((group) => group.id === id)?.path.join(' › ') ?? uncategorized
}

export interface GroupValue { name: string; parentId: number | null }

/** What stands against a group with this name in this place, by field. `id` is null for a new one. */
export function problemsOfGroup(groups: readonly TagGroup[], id: number | null, value: GroupValue): FieldMessages {
  const messages: FieldMessages = {}
  const parent = groups.find((group) => group.id === value.parentId)
  if (value.name === '') messages['name'] = 'Give the group a name.'
  else if (value.name.length > 60) messages['name'] = 'A name can have at most 60 characters.'
  else if (value.name.includes('>')) messages['name'] = 'A name cannot contain “>”: it separates the levels of groups.'
  else if (value.parentId === null && value.name.toLowerCase() === uncategorized.toLowerCase()) messages['name'] = 'Tags without a group stand under this name already.'
  else if (groups.some((group) => group.id !== id && group.parentId === value.parentId && group.name.toLowerCase() === value.name.toLowerCase())) messages['name'] = 'There is a group of this name at this place already.'
  if (value.parentId !== null && !parent) messages['parent'] = 'This group does not exist any more. Choose another.'
  else if (id !== null && value.parentId !== null && familyOf(groups, id).includes(value.parentId)) messages['parent'] = 'A group cannot be inside itself.'
  else if ((parent?.path.length ?? 0) + (id === null ? 1 : heightOf(groups, id)) > maxLevels) messages['parent'] = `Groups have at most ${maxLevels} levels. Choose one further up.`
  return messages
}
