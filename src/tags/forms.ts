import { isOn, textOf } from '../form.ts'
import type { FieldMessages } from '../problem.ts'
import type { GroupValue } from './tag-group.ts'

export interface GroupInput { name: string; parent: string }

export function readGroupForm(body: unknown): GroupInput {
  return { name: textOf(body, 'name'), parent: textOf(body, 'parent') }
}

/** A choice of the list of groups: empty is none. */
export function groupIdOf(text: string): number | null {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}

export function groupValueOf(input: GroupInput): GroupValue {
  return { name: input.name, parentId: groupIdOf(input.parent) }
}

export interface TagInput { name: string; group: string; description: string; filterIndex: boolean }

export function readTag(body: unknown): TagInput {
  return { name: textOf(body, 'name'), group: textOf(body, 'group'), description: textOf(body, 'description'), filterIndex: isOn(body, 'filterIndex') }
}

export function problemsOfTag(input: TagInput): FieldMessages {
  const messages: FieldMessages = {}
  if (input.name === '') messages['name'] = 'Give the tag a name.'
  else if (input.name.length > 200) messages['name'] = 'The name of a tag can have at most 200 characters.'
  if (input.description.length > 500) messages['description'] = 'A description can have at most 500 characters.'
  return messages
}

export const sorts = ['name', 'type', 'group', 'source', 'users'] as const
export type SortKey = (typeof sorts)[number]

/** What the address of the list asks for. `group` is an id, 'none' for tags without a group, or empty for all. */
export interface TagQuery { q: string; group: string; only: boolean; sort: SortKey; descending: boolean }

export function readTagQuery(params: unknown): TagQuery {
  const sort = textOf(params, 'sort') || '-users'
  const key = sorts.find((one) => one === sort.replace(/^-/, '')) ?? 'users'
  const group = textOf(params, 'group')
  return { q: textOf(params, 'q').slice(0, 200), group: group === 'none' || groupIdOf(group) !== null ? group : '', only: isOn(params, 'only'), sort: key, descending: sort.startsWith('-') }
}

export function addressOfTags(query: TagQuery): string {
  const params = new URLSearchParams()
  if (query.group) params.set('group', query.group)
  if (query.q) params.set('q', query.q)
  if (query.only) params.set('only', 'on')
  const sort = `${query.descending ? '-' : ''}${query.sort}`
  if (sort !== '-users') params.set('sort', sort)
  return params.size ? `/settings/tags?${params}` : '/settings/tags'
}
