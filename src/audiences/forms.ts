import { isOn, textOf, wholeNumber } from '../form.ts'
import type { AudienceState, Details } from './audience.ts'
import type { GroupValue } from './group.ts'

/** A choice of the list of groups: empty is none. */
export function groupIdOf(text: string): number | null {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}

export function readDetails(body: unknown): Details {
  return { name: textOf(body, 'name'), description: textOf(body, 'description'), shared: isOn(body, 'shared'), groupId: groupIdOf(textOf(body, 'group')) }
}

export function readVersion(body: unknown): number {
  return wholeNumber(textOf(body, 'version'), 0, 999_999_999) ?? 0
}

export interface GroupInput { name: string; parent: string }

export function readGroupForm(body: unknown): GroupInput {
  return { name: textOf(body, 'name'), parent: textOf(body, 'parent') }
}

export function groupValueOf(input: GroupInput): GroupValue {
  return { name: input.name, parentId: groupIdOf(input.parent) }
}

export const sorts = ['name', 'owner', 'size', 'built'] as const
export type SortKey = (typeof sorts)[number]
export const states: readonly AudienceState[] = ['built', 'building', 'waiting', 'new', 'paused', 'failed']

/** What the address of the list asks for. `group` is an id, 'none' for audiences without a group, or empty for all. */
export interface AudienceQuery { q: string; group: string; whose: '' | 'mine' | 'shared'; state: AudienceState | ''; sort: SortKey; descending: boolean }

export function readAudienceQuery(params: unknown): AudienceQuery {
  const sort = textOf(params, 'sort') || 'name'
  const [group, whose, state] = [textOf(params, 'group'), textOf(params, 'whose'), textOf(params, 'state')]
  return {
    q: textOf(params, 'q').slice(0, 200), group: group === 'none' || groupIdOf(group) !== null ? group : '', whose: whose === 'mine' || whose === 'shared' ? whose : '',
    state: states.find((one) => one === state) ?? '', sort: sorts.find((one) => one === sort.replace(/^-/, '')) ?? 'name', descending: sort.startsWith('-')
  }
}

export function addressOfAudiences(query: AudienceQuery): string {
  const params = new URLSearchParams()
  for (const name of ['q', 'group', 'whose', 'state'] as const) if (query[name]) params.set(name, query[name])
  if (query.sort !== 'name' || query.descending) params.set('sort', `${query.descending ? '-' : ''}${query.sort}`)
  const text = params.toString()
  return text ? `/audiences?${text}` : '/audiences'
}
