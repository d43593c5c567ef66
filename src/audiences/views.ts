import type { Access } from '../access/access.ts'
import { formatCount, formatTime } from '../format.ts'
import type { Samples } from '../http/views.ts'
import { isOwn, stateOf, ungrouped, type Audience, type Operator } from './audience.ts'
import { addressOfAudiences, groupIdOf, states, type AudienceQuery, type SortKey } from './forms.ts'
import { familyOf, groupLabel, type AudienceGroup } from './group.ts'
import { ownerName, sizeFor, stateLabel, stateLabels, type StateLabel } from './labels.ts'

export interface GroupItem { href: string; name: string; count: number; current: boolean; children: GroupItem[] }
export interface AudienceRow { href: string; name: string; description: string; shared: boolean; group: string; groupPath: string; owner: string; size: string; built: string; state: StateLabel }
export interface SortHead { label: string; href: string; sorted: '' | 'ascending' | 'descending'; number: boolean }

export interface AudiencesModel {
  facts: string; groups: GroupItem[]; heading: string; tabs: { label: string; href: string; current: boolean; count: number }[]
  /** The group that is shown may be edited; empty where there is none or no right to. */
  editUrl: string; newGroupUrl: string; newUrl: string; uploadUrl: string
  query: { q: string; group: string; whose: string; sort: string; states: { value: string; label: string; chosen: boolean }[] }
  heads: SortHead[]; rows: AudienceRow[]; empty: string
}

declare module '../http/views.ts' {
  interface Views {
    'audiences/list': AudiencesModel
    'audiences/_table': AudiencesModel
  }
}

export interface ListContext { access: Access; operator: Operator; mayManage: boolean; timeZone: string }

export function audiencesModel(audiences: readonly Audience[], groups: readonly AudienceGroup[], query: AudienceQuery, context: ListContext): AudiencesModel {
  const { operator, mayManage } = context
  const found = audiences.filter((one) => fits(one, query, operator))
  const shown = found.filter((one) => isInGroup(one, groups, query.group))
  const groupId = groups.find(({ id }) => id === groupIdOf(query.group))?.id ?? null
  return {
    facts: audiences.length ? formatCount(audiences.length, 'audience') : 'Named groups of users', groups: groupItems(groups, found, query),
    heading: query.group === 'none' ? ungrouped : groupId === null ? 'all groups' : groupLabel(groups, groupId),
    tabs: ([['', 'All'], ['mine', 'My audiences'], ['shared', 'Shared']] as const).map(([whose, label]) => ({ label, href: addressOfAudiences({ ...query, whose }), current: query.whose === whose, count: audiences.filter((one) => fits(one, { ...query, whose }, operator)).length })),
    editUrl: mayManage && groupId !== null ? `/audiences/groups/${groupId}` : '', newGroupUrl: mayManage ? `/audiences/groups/new${groupId === null ? '' : `?parent=${groupId}`}` : '',
    newUrl: mayManage ? `/audiences/new${groupId === null ? '' : `?group=${groupId}`}` : '', uploadUrl: mayManage ? '/audiences/new/ids' : '',
    query: {
      q: query.q, group: query.group, whose: query.whose, sort: `${query.descending ? '-' : ''}${query.sort}`,
      states: [{ value: '', label: 'any status', chosen: query.state === '' }, ...states.map((value) => ({ value, label: stateLabels[value].text, chosen: query.state === value }))]
    },
    heads: headsOf(query), rows: sorted(shown, query).map((one) => rowOf(one, groups, context)),
    empty: audiences.length > 0 ? 'No audience is like this. Try other words or another group.' : mayManage ? 'There are no audiences yet. Make one here, or query users and save the query as an audience.' : 'There are no audiences yet that you may see.'
  }
}

function fits(audience: Audience, query: AudienceQuery, operator: Operator): boolean {
  if (query.whose === 'mine' && !isOwn(audience, operator)) return false
  if (query.whose === 'shared' && !audience.shared) return false
  if (query.state && stateOf(audience) !== query.state) return false
  const words = query.q.toLowerCase()
  return words === '' || [audience.name, audience.description, audience.owner.name].some((text) => text.toLowerCase().includes(words))
}

function isInGroup({ groupId }: Audience, groups: readonly AudienceGroup[], group: string): boolean {
  if (group === '') return true
  return group === 'none' ? groupId === null : groupId !== null && familyOf(groups, Number(group)).includes(groupId)
}

const collator = new Intl.Collator('zh-u-co-pinyin', { numeric: true })

function sorted(audiences: readonly Audience[], { sort, descending }: AudienceQuery): Audience[] {
  const compare: Record<SortKey, (a: Audience, b: Audience) => number> = {
    name: (a, b) => collator.compare(a.name, b.name), owner: (a, b) => collator.compare(a.owner.name, b.owner.name),
    size: (a, b) => (a.size ?? -1) - (b.size ?? -1), built: (a, b) => (a.builtAt?.getTime() ?? 0) - (b.builtAt?.getTime() ?? 0)
  }
  const way = descending ? -1 : 1
  return audiences.toSorted((a, b) => way * compare[sort](a, b) || collator.compare(a.name, b.name) || a.id - b.id)
}

function rowOf(audience: Audience, groups: readonly AudienceGroup[], { access, operator, timeZone }: ListContext): AudienceRow {
  return {
    href: `/audiences/${audience.id}`, name: audience.name, description: audience.description, shared: audience.shared,
    group: groups.find(({ id }) => id === audience.groupId)?.name ?? ungrouped, groupPath: groupLabel(groups, audience.groupId), owner: isOwn(audience, operator) ? 'you' : ownerName(audience),
    size: sizeFor(access, audience, isOwn(audience, operator)), built: audience.builtAt ? formatTime(audience.builtAt, timeZone) : '', state: stateLabel(audience)
  }
}

function headsOf(query: AudienceQuery): SortHead[] {
  const labels: [SortKey, string][] = [['name', 'Audience'], ['owner', 'Owner'], ['size', 'Size'], ['built', 'Built']]
  return labels.map(([key, label]) => {
    const current = key === query.sort
    const descending = current ? !query.descending : key === 'size' || key === 'built'
    return { label, href: addressOfAudiences({ ...query, sort: key, descending }), sorted: current ? (query.descending ? 'descending' : 'ascending') : '', number: key === 'size' }
  })
}

/** The tree beside the table; a count takes in what is below. */
function groupItems(groups: readonly AudienceGroup[], audiences: readonly Audience[], query: AudienceQuery): GroupItem[] {
  const item = (group: string, name: string, children: GroupItem[] = []): GroupItem => ({ href: addressOfAudiences({ ...query, group }), name, count: audiences.filter((one) => isInGroup(one, groups, group)).length, current: query.group === group, children })
  const inside = (parentId: number | null): GroupItem[] => groups.filter((group) => group.parentId === parentId).map((group) => item(String(group.id), group.name, inside(group.id)))
  return [item('', 'All groups'), ...inside(null), item('none', ungrouped)]
}

const row: AudienceRow = { href: '/audiences/3', name: 'Gold in Berlin', description: 'For the spring letter', shared: true, group: 'Spring', groupPath: 'Campaigns › Spring', owner: 'you', size: '1,204', built: '2026-11-24 10:00', state: stateLabels.built }
const list: AudiencesModel = {
  facts: '2 audiences', heading: 'Campaigns', editUrl: '/audiences/groups/1', newGroupUrl: '/audiences/groups/new?parent=1', newUrl: '/audiences/new', uploadUrl: '/audiences/new/ids', empty: '',
  groups: [{ href: '/audiences', name: 'All groups', count: 2, current: false, children: [] }, { href: '/audiences?group=1', name: 'Campaigns', count: 1, current: true, children: [{ href: '/audiences?group=2', name: 'Spring', count: 1, current: false, children: [] }] }],
  tabs: [{ label: 'All', href: '/audiences', current: true, count: 2 }, { label: 'Shared', href: '/audiences?whose=shared', current: false, count: 1 }],
  query: { q: '', group: '1', whose: 'mine', sort: 'name', states: [{ value: '', label: 'any status', chosen: true }, { value: 'built', label: 'built', chosen: false }] },
  heads: [{ label: 'Audience', href: '/audiences?sort=-name', sorted: 'ascending', number: false }, { label: 'Size', href: '/audiences?sort=-size', sorted: '', number: true }],
  rows: [row, { ...row, href: '/audiences/4', name: 'Uploaded', description: '', shared: false, size: '', built: '', state: stateLabels.new }]
}
const empty: AudiencesModel = { ...list, editUrl: '', newGroupUrl: '', newUrl: '', uploadUrl: '', rows: [], empty: 'There are no audiences yet.' }

/** Models for each view, to render it alone. */
export const samples: Samples = { 'audiences/list': [list, { ...list, editUrl: '', uploadUrl: '' }, empty], 'audiences/_table': [list, empty] }
