import type { Access } from '../../access/access.ts'
import type { TagGroup } from '../../catalog/catalog.ts'
import { coverageOf } from '../../coverage.ts'
import { formFields, type FormField } from '../../form.ts'
import { formatCount, formatDecimal, formatNumber, formatTime } from '../../format.ts'
import type { Samples } from '../../http/views.ts'
import type { FieldMessages } from '../../problem.ts'
import type { GroupInput, TagInput } from '../forms.ts'
import { typeLabels } from '../labels.ts'
import { familyOf, heightOf, maxLevels, uncategorized } from '../tag-group.ts'
import type { Tag } from '../views.ts'

export interface GroupModel { heading: string; action: string; submit: string; fields: FormField[]; deletionUrl: string; backUrl: string }
export interface GroupDeletionModel { heading: string; text: string; action: string; backUrl: string }

export interface TagModel {
  name: string; facts: { label: string; value: string }[]; action: string; fields: FormField[]; mayManage: boolean
  values: { value: string; count: string; share: string; percent: number }[]; valuesTitle: string; valuesNote: string
}

declare module '../../http/views.ts' {
  interface Views {
    'tags/group': GroupModel
    'tags/group-deletion': GroupDeletionModel
    'tags/tag': TagModel
  }
}

/** Groups as choices, their level shown by their path. */
function groupOptions(groups: readonly TagGroup[], none: string): { value: string; label: string }[] {
  return [{ value: '', label: none }, ...groups.map((group) => ({ value: String(group.id), label: group.path.join(' › ') })).toSorted((a, b) => a.label.localeCompare(b.label))]
}

export function groupModel(groups: readonly TagGroup[], group: TagGroup | undefined, input: GroupInput, messages: FieldMessages = {}): GroupModel {
  const own = group ? familyOf(groups, group.id) : []
  const height = group ? heightOf(groups, group.id) : 1
  const parents = groups.filter((other) => !own.includes(other.id) && other.path.length + height <= maxLevels)
  return {
    heading: group ? group.path.join(' › ') : 'New tag group', action: group ? `/settings/tags/groups/${group.id}` : '/settings/tags/groups', submit: group ? 'Save' : 'Add the group',
    fields: formFields([
      { id: 'name', label: 'Name', value: input.name },
      { id: 'parent', label: 'Inside', control: 'select', value: input.parent, options: groupOptions(parents, 'no other group'), help: `Groups have at most ${maxLevels} levels.` }
    ], messages),
    deletionUrl: group ? `/settings/tags/groups/${group.id}/deletion` : '', backUrl: group ? `/settings/tags?group=${group.id}` : '/settings/tags'
  }
}

export function groupDeletionModel(group: TagGroup, below: number, tags: number): GroupDeletionModel {
  const inside = below > 0 ? ` and ${formatCount(below, 'group')} inside it go` : ' goes'
  const moved = tags === 0 ? 'No tag is in it.' : `${formatCount(tags, 'tag')} move${tags === 1 ? 's' : ''} to ${uncategorized}; ${tags === 1 ? 'it keeps its' : 'they keep their'} values.`
  return { heading: `Delete ${group.path.join(' › ')}?`, text: `The group${inside}. ${moved}`, action: `/settings/tags/groups/${group.id}/deletion`, backUrl: `/settings/tags/groups/${group.id}` }
}

export function tagModel(access: Access, tag: Tag, input: TagInput, options: { mayManage: boolean; timeZone: string }, messages: FieldMessages = {}): TagModel {
  const { column, statistics } = tag
  const disabled = !options.mayManage
  const numbers = column.type === 'number'
  const bounds = statistics?.min != null && statistics.max != null ? [{ label: 'From, to', value: [statistics.min, statistics.max].map((text) => (numbers ? formatDecimal(text) : text.slice(0, 10))).join(' to ') }] : []
  const users = statistics?.users ?? 0
  return {
    name: tag.name, action: `/settings/tags/${column.id}`, mayManage: options.mayManage,
    facts: [
      { label: 'Type', value: typeLabels[column.type] }, { label: 'Source', value: `${tag.source.alias}, column ${column.name}` }, { label: 'Group', value: tag.group },
      ...(tag.coverage ? [{ label: 'Users covered', value: `${tag.coverage.users}, ${tag.coverage.percent}` }] : []), ...bounds,
      ...(statistics ? [{ label: 'Counted', value: formatTime(statistics.computedAt, options.timeZone) }] : [])
    ],
    fields: formFields([
      { id: 'name', label: 'Name', value: input.name, disabled }, { id: 'group', label: 'Group', control: 'select', value: input.group, options: groupOptions(access.tagGroups, uncategorized), disabled },
      { id: 'description', label: 'Description', control: 'textarea', value: input.description, disabled },
      { id: 'filterIndex', label: 'Quick filter', control: 'switch', checked: input.filterIndex, value: 'Keep an index', help: 'Filters and sorts of large lists answer at once; each import takes a little longer.', disabled }
    ], messages),
    values: (statistics?.topValues ?? []).map(({ value, count }) => {
      const share = coverageOf(count, users)
      return { value: value.length > 200 ? `${value.slice(0, 200)}…` : numbers ? formatDecimal(value) : value, count: formatNumber(count), share: share?.percent ?? '', percent: share?.value ?? 0 }
    }),
    valuesTitle: statistics && statistics.topValues.length >= 20 ? 'The 20 most frequent values' : 'Values by frequency',
    valuesNote: !statistics ? 'Values are counted after an import, or may not be shown to you.' : statistics.topValues.length === 0 ? 'No user has a value.' : 'Share of the users that have a value.'
  }
}

const nameField = formFields([{ id: 'name', label: 'Name', value: 'Likes' }])
const group: GroupModel = { heading: 'Interests', action: '/settings/tags/groups/1', submit: 'Save', fields: nameField, deletionUrl: '/settings/tags/groups/1/deletion', backUrl: '/settings/tags?group=1' }
const tag: TagModel = {
  name: 'Likes', facts: [{ label: 'Type', value: 'multi-value' }], action: '/settings/tags/7', fields: nameField, mayManage: true,
  values: [{ value: 'tea', count: '12', share: '50%', percent: 50 }], valuesTitle: 'Values by frequency', valuesNote: 'Share of the users that have a value.'
}

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'tags/group': [group, { ...group, heading: 'New tag group', deletionUrl: '' }],
  'tags/group-deletion': { heading: 'Delete Interests?', text: 'The group goes. No tag is in it.', action: '/settings/tags/groups/1/deletion', backUrl: '/settings/tags/groups/1' },
  'tags/tag': [tag, { ...tag, mayManage: false, values: [] }]
}
