import type { Access } from '../../access/access.ts'
import { labelOfTag } from '../../conditions/field.ts'
import { formatNumber } from '../../format.ts'
import type { Notice } from '../../http/shell.ts'
import type { Samples } from '../../http/views.ts'
import type { Frequent } from '../../users/queries/suggestions.ts'
import { writeChoice, type Choice, type TaggingInput } from '../forms/tagging.ts'
import { typeLabels } from '../labels.ts'
import { familyOf, treeOf, uncategorized, type GroupNode } from '../tag-group.ts'
import { findOffered, offeredTags, problemOfValue, type OfferedTag } from '../tagging.ts'

export interface GroupButton { id: string; act: string; name: string; count: number; current: boolean; children: GroupButton[] }

export interface TaggingModel {
  id: string; called: string; back: string
  group: string; groups: GroupButton[]
  tags: { id: string; act: string; name: string; type: string; source: string; current: boolean }[]
  noTags: string
  values: ValuesModel
  search: string
  modes: { mode: string; label: string; chosen: boolean }[]
  choices: { field: string; tag: string; verb: string; value: string; number: number }[]
  message: string
  /** Where the cursor stands: in the search, where it opens or what had the focus went. */
  begins: boolean
}

/** The values of one tag; replaced alone while one searches. */
export interface ValuesModel {
  tag: string; tagId: string; several: boolean
  values: { id: string; value: string; note: string; ticked: boolean }[]
  nothing: string
}

declare module '../../http/views.ts' {
  interface Views {
    'tags/tagging': TaggingModel
    'tags/_tagging': TaggingModel
    'tags/_tag-values': TaggingModel
    'tags/_tagged': { notice: Notice }
  }
}

const modeLabels: Record<string, string> = { add: 'Add', replace: 'Replace', remove: 'Remove' }
const verbs: Record<Choice['mode'], string> = { set: '', add: 'add', replace: 'replace by', remove: 'remove' }

export function taggingModel(access: Access, user: { id: string; called: string }, input: TaggingInput, frequent: readonly Frequent[], back: string, begins: boolean): TaggingModel {
  const offered = offeredTags(access)
  const tags = offered.filter(({ column }) => column.tagGroupId === input.group)
  return {
    ...user, back, group: String(input.group ?? ''), groups: groupButtons(access, offered, input.group),
    tags: tags.map(({ source, column }) => ({ id: `pick-tag-${column.id}`, act: `tag ${column.id}`, name: labelOfTag(column), type: typeLabels[column.type], source: source.alias, current: column.id === input.tag?.column.id })),
    noTags: offered.length === 0 ? 'There is no text or multi-value tag that you may set.' : tags.length === 0 ? 'Its tags are in the groups below it.' : '',
    values: valuesModel(input, frequent), search: input.search,
    modes: input.tag?.column.type === 'multi' ? ['add', 'replace', 'remove'].map((mode) => ({ mode, label: modeLabels[mode] as string, chosen: mode === input.mode })) : [],
    choices: input.choices.map((choice, index) => {
      const tag = findOffered(access, choice.columnId)
      return { field: writeChoice(choice), tag: 'problem' in tag ? 'A tag that is not there' : labelOfTag(tag.column), verb: verbs[choice.mode], value: short(choice.value), number: index + 1 }
    }),
    message: input.message, begins
  }
}

/** Frequent values that fit the search, what is chosen of this tag, and last what is typed as a new one. */
function valuesModel({ tag, search, choices }: TaggingInput, frequent: readonly Frequent[]): ValuesModel {
  if (!tag) return { tag: '', tagId: '', several: false, values: [], nothing: 'Choose a tag.' }
  const chosen = choices.filter((choice) => choice.columnId === tag.column.id).map(({ value }) => value)
  const known = new Map(frequent.map(({ value, count }) => [value, formatNumber(count)]))
  const wanted = search.toLowerCase()
  const more = chosen.filter((value) => !known.has(value) && value.toLowerCase().includes(wanted)).map((value) => [value, 'new'] as const)
  const isNew = search !== '' && !known.has(search) && !chosen.includes(search)
  const problem = isNew ? problemOfValue(tag, search) : undefined
  const all = [...more, ...known, ...(isNew && !problem ? [[search, 'new value'] as const] : [])]
  return {
    tag: labelOfTag(tag.column), tagId: String(tag.column.id), several: tag.column.type === 'multi',
    values: all.map(([value, note], index) => ({ id: `value-${index}`, value, note, ticked: chosen.includes(value) })),
    nothing: problem ?? (all.length === 0 ? 'It has no value yet. Type a new one above.' : '')
  }
}

/** The tree of groups that hold offered tags; a count is of those directly in the group. */
function groupButtons(access: Access, offered: readonly OfferedTag[], current: number | null): GroupButton[] {
  const countIn = (id: number | null) => offered.filter(({ column }) => column.tagGroupId === id).length
  const button = (id: number | null, name: string, children: GroupButton[]): GroupButton => ({ id: `pick-group-${id ?? 'none'}`, act: `group ${id ?? 'none'}`, name, count: countIn(id), current: id === current, children })
  const filled = (nodes: GroupNode<null>[]): GroupButton[] => nodes.filter(({ group }) => familyOf(access.tagGroups, group.id).some((id) => countIn(id) > 0)).map(({ group, children }) => button(group.id, group.name, filled(children)))
  return [...filled(treeOf(access.tagGroups, () => null)), ...(countIn(null) ? [button(null, uncategorized, [])] : [])]
}

function short(value: string): string {
  return value.length > 80 ? `${value.slice(0, 80)}…` : value
}

const value = { id: 'value-0', value: 'tea', note: '184,223', ticked: true }
const outdoor: GroupButton = { id: 'pick-group-2', act: 'group 2', name: 'Outdoor', count: 4, current: false, children: [] }
const full: TaggingModel = {
  id: '7', called: '王晓敏', back: '/users', group: '1', groups: [{ ...outdoor, id: 'pick-group-1', act: 'group 1', name: 'Interests', current: true, children: [outdoor] }, { ...outdoor, id: 'pick-group-none', act: 'group none', name: 'Uncategorized' }],
  tags: [{ id: 'pick-tag-12', act: 'tag 12', name: 'Likes', type: 'multi-value', source: 'Shop members', current: true }, { id: 'pick-tag-13', act: 'tag 13', name: 'Reads', type: 'text', source: 'Shop members', current: false }], noTags: '',
  values: { tag: 'Likes', tagId: '12', several: true, values: [value, { id: 'value-1', value: '"new"', note: 'new value', ticked: false }], nothing: '' }, search: '',
  modes: [{ mode: 'add', label: 'Add', chosen: true }, { mode: 'replace', label: 'Replace', chosen: false }], choices: [{ field: '12 add tea', tag: 'Likes', verb: 'add', value: 'tea', number: 1 }, { field: '13 set x', tag: 'Reads', verb: '', value: 'x', number: 2 }],
  message: 'Choose a value first.', begins: true
}
const bare: TaggingModel = { ...full, groups: [], tags: [], noTags: 'There is no tag.', values: { tag: '', tagId: '', several: false, values: [], nothing: 'Choose a tag.' }, modes: [], choices: [], message: '', begins: false }
const text: TaggingModel = { ...full, values: { ...full.values, tag: 'Reads', tagId: '13', several: false }, modes: [] }

export const samples: Samples = { 'tags/tagging': [full, bare, text], 'tags/_tagging': [full, bare, text], 'tags/_tag-values': [full, bare, text], 'tags/_tagged': { notice: { tone: 'good', text: 'Likes is set.', undo: '7' } } }
