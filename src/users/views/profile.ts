import type { Access } from '../../access/access.ts'
import { labelOfTag } from '../../conditions/field.ts'
import { formatMinute, formatValue } from '../format-value.ts'
import type { TagValue, UserFacts } from '../queries/profile.ts'
import type { UserHistory } from '../../history/read-user-history.ts'
import { addressOf, type UserQuery } from '../user-query.ts'
import type { IdentityModel } from './identity.ts'

export interface FactModel { label: string; value: string }
export interface TagModel { label: string; description: string; text: string; pills: string[]; long: boolean; source: string; id: string }
export interface TagGroupModel { name: string; id: string; tags: TagModel[] }

export interface ProfileModel {
  id: string; name: string; called: string; back: string
  previous: string; next: string
  tab: 'basic' | 'identity'
  basicHref: string; identityHref: string; rowsHref: string
  facts: FactModel[]; origin: FactModel[]
  identity: IdentityModel | null
  groups: TagGroupModel[]; tagCount: number; tagsShown: number
  tagsHref: string; historyHref: string
  /** Null where the tags are shown. */
  history: UserHistory | null
  search: { in: string | null; tab: string; tag: string; hideEmpty: boolean; address: string }
}

/** How the profile was asked for. `query` is that of the list it was opened from, if it was. */
export interface ProfileRequest { query: UserQuery | null; inText: string | null; tab: 'basic' | 'identity'; tag: string; hideEmpty: boolean; side: 'tags' | 'history'; before: string }

const origin = ['channel']
const longText = 60

export function profileModel(access: Access, user: UserFacts, asked: ProfileRequest, identity: IdentityModel | null, timeZone: string): ProfileModel {
  const facts = access.attributes.map((attribute, index) => ({ code: attribute.code, label: attribute.name, value: formatValue(attribute.masked ? 'text' : attribute.type, user.attributes[index] ?? null, timeZone) }))
  const name = facts.find((fact) => fact.code === 'name')?.value ?? ''
  const alias = access.sources.find((source) => source.id === user.sourceId)?.alias
  const groups = tagGroups(access, user.tags, asked, timeZone)
  const own = `/users/${user.id}`
  const beside: Record<string, string> = asked.side === 'history' ? { side: 'history' } : {}
  const search = { ...(asked.inText === null ? {} : { in: asked.inText }), ...(asked.tag ? { tag: asked.tag } : {}), ...(asked.hideEmpty ? { empty: 'hide' } : {}) }
  const shared = { ...search, ...beside }
  const tab: Record<string, string> = asked.tab === 'identity' ? { tab: 'identity' } : {}
  const step = (to: string) => (asked.inText === null ? '' : address(`${own}/step`, { to, in: asked.inText, ...(asked.tab === 'identity' ? { tab: 'identity' } : {}) }))
  return {
    id: user.id, name, called: name || `User ${user.id}`, back: addressOf(asked.query ?? { ...emptyQuery }),
    previous: step('previous'), next: step('next'), tab: asked.tab,
    basicHref: address(own, shared), identityHref: address(own, { ...shared, tab: 'identity' }), rowsHref: address(`${own}/rows`, asked.inText === null ? {} : { in: asked.inText }),
    tagsHref: address(own, { ...search, ...tab }), historyHref: address(own, { ...search, ...tab, side: 'history' }), history: null,
    facts: facts.filter((fact) => !origin.includes(fact.code)),
    origin: [{ label: 'Initial source', value: alias ?? 'another source' }, { label: 'Created', value: formatMinute(user.createdAt, timeZone) }, ...facts.filter((fact) => origin.includes(fact.code))],
    identity, groups, tagCount: user.tags.length, tagsShown: groups.reduce((sum, group) => sum + group.tags.length, 0),
    search: { in: asked.inText, tab: asked.tab, tag: asked.tag, hideEmpty: asked.hideEmpty, address: own }
  }
}

const emptyQuery: UserQuery = { id: '', levels: [], where: [], sort: { by: 'created', descending: true }, size: 50, place: null }

export function address(path: string, params: Record<string, string>): string {
  const text = new URLSearchParams(params).toString()
  return text ? `${path}?${text}` : path
}

/** Tags by their groups, what is in no group last. */
function tagGroups(access: Access, tags: TagValue[], asked: ProfileRequest, timeZone: string): TagGroupModel[] {
  const wanted = asked.tag.trim().toLowerCase()
  const models = tags.map((tag) => ({ group: tag.column.tagGroupId, model: tagModel(tag, timeZone) }))
    .filter(({ model }) => !(asked.hideEmpty && model.text === '') && (wanted === '' || model.label.toLowerCase().includes(wanted) || model.text.toLowerCase().includes(wanted)))
  const byGroup = Map.groupBy(models, ({ group }) => group)
  return [...access.tagGroups.map((group) => ({ id: group.id, name: group.path.join(' › ') })), { id: null, name: 'Uncategorized' }].flatMap(({ id, name }) => {
    const found = byGroup.get(id)
    return found ? [{ name, id: `tags-${id ?? 'uncategorized'}`, tags: found.map(({ model }) => model) }] : []
  })
}

function tagModel({ source, column, value }: TagValue, timeZone: string): TagModel {
  const text = formatValue(column.masked ? 'text' : column.type, value, timeZone)
  const pills = Array.isArray(value) && value.every((one) => one.length <= longText / 2) ? value : []
  return { label: labelOfTag(column), description: column.description ?? '', text, pills, long: pills.length === 0 && (text.length > longText || text.includes('\n')), source: source.alias, id: `tag-${column.id}` }
}
