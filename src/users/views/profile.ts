import type { Access } from '../../access/access.ts'
import { fieldOfAttribute, fieldOfTag, type Field } from '../../conditions/field.ts'
import type { UserHistory } from '../../history/read-user-history.ts'
import { formatMinute } from '../format-value.ts'
import type { Cell } from '../queries/list.ts'
import type { UserFacts } from '../queries/profile.ts'
import { addressOf, type UserQuery } from '../user-query.ts'
import { fieldModel, type FieldModel } from './field.ts'
import type { GroupLineModel } from './groups.ts'
import type { IdentityModel } from './identity.ts'
import type { OverrideModel } from './override.ts'

export interface FactModel { label: string; value: string }
export interface TagGroupModel { name: string; id: string; tags: FieldModel[] }

export interface ProfileModel {
  id: string; name: string; called: string; back: string
  previous: string; next: string
  tab: 'basic' | 'identity'
  basicHref: string; identityHref: string; rowsHref: string
  facts: FieldModel[]; origin: FactModel[]; originFields: FieldModel[]
  returnHref: string
  /** Where this user is tagged; '' without the right to. */
  eraseHref: string
  taggingHref: string
  identity: IdentityModel | null
  groups: TagGroupModel[]; tagCount: number; tagsShown: number
  tagsHref: string; historyHref: string
  /** '' for who may not know of audiences. */
  groupHref: string
  /** Audiences that the user is in; null where something else is shown. */
  groupLines: GroupLineModel[] | null
  /** Null where the tags are shown. */
  history: UserHistory | null
  search: { in: string | null; tab: string; tag: string; hideEmpty: boolean; address: string }
}

/** How the profile was asked for. `query` is that of the list it was opened from, if it was. */
export interface ProfileRequest { query: UserQuery | null; inText: string | null; tab: 'basic' | 'identity'; tag: string; hideEmpty: boolean; side: 'tags' | 'group' | 'history'; before: string }

const origin = ['channel']

/** What of the profile may be edited here, and what was set by hand, by reference. */
export interface ProfileEditing { mayEdit: boolean; mayTag: boolean; mayErase: boolean; mayGroup: boolean; overrides: Map<string, OverrideModel> }

export function profileModel(access: Access, user: UserFacts, asked: ProfileRequest, identity: IdentityModel | null, timeZone: string, { mayEdit, mayTag, mayErase, mayGroup, overrides }: ProfileEditing): ProfileModel {
  const model = (field: Field, value: Cell) => fieldModel(field, user.id, value, timeZone, { mayEdit, override: overrides.get(field.ref) ?? null })
  const facts = access.attributes.map((attribute, index) => ({ code: attribute.code, model: model(fieldOfAttribute(attribute), user.attributes[index] ?? null) }))
  const name = facts.find((fact) => fact.code === 'name')?.model.text ?? ''
  const alias = access.sources.find((source) => source.id === user.sourceId)?.alias
  const groups = tagGroups(access, user.tags.map((tag) => ({ group: tag.column.tagGroupId, model: model(fieldOfTag(tag), tag.value) })), asked)
  const own = `/users/${user.id}`
  const beside: Record<string, string> = asked.side === 'tags' ? {} : { side: asked.side }
  const search = { ...(asked.inText === null ? {} : { in: asked.inText }), ...(asked.tag ? { tag: asked.tag } : {}), ...(asked.hideEmpty ? { empty: 'hide' } : {}) }
  const shared = { ...search, ...beside }
  const tab: Record<string, string> = asked.tab === 'identity' ? { tab: 'identity' } : {}
  const step = (to: string) => (asked.inText === null ? '' : address(`${own}/step`, { to, in: asked.inText, ...(asked.tab === 'identity' ? { tab: 'identity' } : {}) }))
  return {
    id: user.id, name, called: name || `User ${user.id}`, back: addressOf(asked.query ?? { ...emptyQuery }),
    previous: step('previous'), next: step('next'), tab: asked.tab,
    eraseHref: mayErase ? `${own}/erasure` : '', taggingHref: mayTag ? `${own}/taggings/new` : '',
    basicHref: address(own, shared), identityHref: address(own, { ...shared, tab: 'identity' }), rowsHref: address(`${own}/rows`, asked.inText === null ? {} : { in: asked.inText }),
    tagsHref: address(own, { ...search, ...tab }), historyHref: address(own, { ...search, ...tab, side: 'history' }), history: null, groupHref: mayGroup ? address(own, { ...search, ...tab, side: 'group' }) : '', groupLines: null,
    facts: facts.filter((fact) => !origin.includes(fact.code)).map((fact) => fact.model),
    origin: [{ label: 'Initial source', value: alias ?? 'another source' }, { label: 'Created', value: formatMinute(user.createdAt, timeZone) }],
    originFields: facts.filter((fact) => origin.includes(fact.code)).map((fact) => fact.model), returnHref: `${own}/returns`,
    identity, groups, tagCount: user.tags.length, tagsShown: groups.reduce((sum, group) => sum + group.tags.length, 0),
    search: { in: asked.inText, tab: asked.tab, tag: asked.tag, hideEmpty: asked.hideEmpty, address: own }
  }
}

const emptyQuery: UserQuery = { id: '', levels: [], where: [], sort: { by: 'created', descending: true }, size: 50, place: null }

export function address(path: string, params: Record<string, string>): string {
  const text = new URLSearchParams(params).toString()
  return text ? `${path}?${text}` : path
}

/** The profile of a user, in the list that it was opened from. */
export function profileAddress(userId: string, inText: string | null): string {
  return address(`/users/${userId}`, inText === null ? {} : { in: inText })
}

/** Tags by their groups, what is in no group last. */
function tagGroups(access: Access, tags: { group: number | null; model: FieldModel }[], asked: ProfileRequest): TagGroupModel[] {
  const wanted = asked.tag.trim().toLowerCase()
  const models = tags.filter(({ model }) => !(asked.hideEmpty && model.text === '') && (wanted === '' || model.label.toLowerCase().includes(wanted) || model.text.toLowerCase().includes(wanted)))
  const byGroup = Map.groupBy(models, ({ group }) => group)
  return [...access.tagGroups.map((group) => ({ id: group.id, name: group.path.join(' › ') })), { id: null, name: 'Uncategorized' }].flatMap(({ id, name }) => {
    const found = byGroup.get(id)
    return found ? [{ name, id: `tags-${id ?? 'uncategorized'}`, tags: found.map(({ model }) => model) }] : []
  })
}
