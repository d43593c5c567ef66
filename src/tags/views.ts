import type { Access, VisibleColumn, VisibleSource } from '../access/access.ts'
import { labelOfTag } from '../conditions/field.ts'
import { coverageOf, type Coverage } from '../coverage.ts'
import { formatCount } from '../format.ts'
import type { Samples } from '../http/views.ts'
import { addressOfTags, type SortKey, type TagQuery } from './forms.ts'
import { typeLabels, valuesInShort } from './labels.ts'
import type { TagStatistics } from './queries.ts'
import { familyOf, groupLabel, treeOf, uncategorized, type GroupNode } from './tag-group.ts'

export interface GroupItem { href: string; name: string; count: number; current: boolean; children: GroupItem[] }
export interface TagRow { href: string; name: string; type: string; group: string; groupPath: string; source: string; label: string; coverage: Coverage | null; values: string }
export interface SortHead { label: string; href: string; sorted: '' | 'ascending' | 'descending'; number: boolean }

export interface TagsModel {
  facts: string; groups: GroupItem[]; heading: string
  /** The group that is shown may be edited; empty where there is none or no right to. */
  editUrl: string; newUrl: string
  query: { q: string; only: boolean; group: string; sort: string }
  heads: SortHead[]; rows: TagRow[]; empty: string
}

export interface Tag { source: VisibleSource; column: VisibleColumn; name: string; group: string; groupName: string; statistics: TagStatistics | undefined; coverage: Coverage | null }

declare module '../http/views.ts' {
  interface Views {
    'tags/list': TagsModel
    'tags/_table': TagsModel
  }
}

/** Tags with what may be told of them: nothing is counted for a tag that is masked, or whose table is only partly visible. */
export function tagsOf(access: Access, statistics: Map<string, TagStatistics>): Tag[] {
  return access.tags.map(({ source, column }) => {
    const told = isTold(source, column) ? statistics.get(column.column) : undefined
    return { source, column, name: labelOfTag(column), group: groupLabel(access.tagGroups, column.tagGroupId), groupName: access.tagGroups.find((group) => group.id === column.tagGroupId)?.name ?? uncategorized, statistics: told, coverage: access.everyUser ? coverageOf(told?.users, access.userCount) : null }
  })
}

export function isTold(source: VisibleSource, column: VisibleColumn): boolean {
  return !column.masked && source.rowCondition === null
}

export function tagsModel(access: Access, tags: Tag[], query: TagQuery, mayManage: boolean): TagsModel {
  const shown = sortTags(tags.filter((tag) => matches(access, tag, query)), query)
  const groupId = /^\d+$/.test(query.group) ? Number(query.group) : null
  const known = groupId !== null && access.tagGroups.some((group) => group.id === groupId)
  const sources = new Set(tags.map((tag) => tag.source.id)).size
  return {
    facts: tags.length ? `${formatCount(tags.length, 'tag')} of ${formatCount(sources, 'source')}` : 'Tags come with the columns of sources',
    groups: groupItems(access, tags, query), heading: query.group === 'none' ? uncategorized : known ? groupLabel(access.tagGroups, groupId) : 'all groups',
    editUrl: mayManage && known ? `/settings/tags/groups/${groupId}` : '', newUrl: mayManage ? `/settings/tags/groups/new${known ? `?parent=${groupId}` : ''}` : '',
    query: { q: query.q, only: query.only, group: query.group, sort: `${query.descending ? '-' : ''}${query.sort}` },
    heads: headsOf(query), rows: shown.map(rowOf), empty: tags.length === 0 ? 'There are no tags yet. They come with the first import of a source.' : 'No tag is like this. Try other words or another group.'
  }
}

function matches(access: Access, tag: Tag, query: TagQuery): boolean {
  if (query.only && tag.column.type !== 'text' && tag.column.type !== 'multi') return false
  if (query.group === 'none' && tag.column.tagGroupId !== null) return false
  if (query.group && query.group !== 'none' && !familyOf(access.tagGroups, Number(query.group)).includes(tag.column.tagGroupId ?? 0)) return false
  const words = query.q.toLowerCase()
  return words === '' || [tag.name, tag.column.name, tag.column.description ?? '', tag.source.alias].some((text) => text.toLowerCase().includes(words))
}

const collator = new Intl.Collator('zh-u-co-pinyin', { numeric: true })

function sortTags(tags: Tag[], query: TagQuery): Tag[] {
  const compare: Record<SortKey, (a: Tag, b: Tag) => number> = {
    name: (a, b) => collator.compare(a.name, b.name), type: (a, b) => collator.compare(typeLabels[a.column.type], typeLabels[b.column.type]), group: (a, b) => collator.compare(a.group, b.group),
    source: (a, b) => collator.compare(a.source.alias, b.source.alias), users: (a, b) => (a.statistics?.users ?? -1) - (b.statistics?.users ?? -1)
  }
  const way = query.descending ? -1 : 1
  return tags.toSorted((a, b) => way * compare[query.sort](a, b) || collator.compare(a.name, b.name) || a.column.id - b.column.id)
}

function rowOf(tag: Tag): TagRow {
  return {
    href: `/settings/tags/${tag.column.id}`, name: tag.name, type: typeLabels[tag.column.type], group: tag.groupName, groupPath: tag.group, source: tag.source.alias, label: `Coverage of ${tag.name}`,
    coverage: tag.coverage, values: tag.statistics ? valuesInShort(tag.column.type, tag.statistics) : ''
  }
}

function headsOf(query: TagQuery): SortHead[] {
  const labels: [SortKey, string][] = [['name', 'Tag'], ['type', 'Type'], ['group', 'Group'], ['source', 'Source'], ['users', 'Users']]
  return labels.map(([key, label]) => {
    const current = key === query.sort
    const descending = current ? !query.descending : key === 'users'
    return { label, href: addressOfTags({ ...query, sort: key, descending }), sorted: current ? (query.descending ? 'descending' : 'ascending') : '', number: key === 'users' }
  })
}

/** The tree beside the table; a count takes in what is below. */
function groupItems(access: Access, tags: Tag[], query: TagQuery): GroupItem[] {
  const item = (group: string, name: string, count: number, children: GroupItem[] = []): GroupItem => ({ href: addressOfTags({ ...query, group }), name, count, current: query.group === group, children })
  const tree = treeOf(access.tagGroups, (group) => { const family = familyOf(access.tagGroups, group.id); return tags.filter((tag) => family.includes(tag.column.tagGroupId ?? 0)).length })
  const nodes = (list: GroupNode<number>[]): GroupItem[] => list.map((node) => item(String(node.group.id), node.group.name, node.value, nodes(node.children)))
  return [item('', 'All groups', tags.length), ...nodes(tree), item('none', uncategorized, tags.filter((tag) => tag.column.tagGroupId === null).length)]
}

const head: SortHead = { label: 'Tag', href: '/settings/tags?sort=name', sorted: 'ascending', number: false }
const row: TagRow = { href: '/settings/tags/7', name: 'Likes', type: 'multi-value', group: 'Outdoor', groupPath: 'Interests / Outdoor', source: 'Shop members', label: 'Coverage of Likes', coverage: { users: '12', percent: '50%', value: 50 }, values: 'tea, hiking' }
const tags: TagsModel = {
  facts: '2 tags of 1 source', heading: 'Interests', editUrl: '/settings/tags/groups/1', newUrl: '/settings/tags/groups/new', query: { q: '', only: true, group: '1', sort: 'name' }, empty: '',
  groups: [{ href: '/settings/tags?group=1', name: 'Interests', count: 2, current: true, children: [{ href: '/settings/tags?group=2', name: 'Outdoor', count: 1, current: false, children: [] }] }],
  heads: [head, { label: 'Users', href: '/settings/tags?sort=users', sorted: '', number: true }], rows: [row, { ...row, coverage: null, values: '' }]
}
const noTags: TagsModel = { ...tags, editUrl: '', newUrl: '', query: { ...tags.query, only: false }, rows: [], empty: 'There are no tags yet.' }

/** Models for each view, to render it alone. */
export const samples: Samples = { 'tags/list': [tags, { ...noTags, newUrl: '/settings/tags/groups/new' }, noTags], 'tags/_table': [tags, noTags] }
