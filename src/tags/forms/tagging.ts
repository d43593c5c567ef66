import type { Access } from '../../access/access.ts'
import { multiModes, findOffered, modeOf, mostValues, offeredTags, problemOfValue, type OfferedTag, type TagMode } from '../tagging.ts'
import { allTexts, textOf } from '../../form.ts'
import { groupIdOf } from '../forms.ts'

/** One value chosen for one tag. */
export interface Choice { columnId: number; mode: TagMode; value: string }

/** What the dialog holds: where one looks, and what was chosen so far. */
export interface TaggingInput {
  /** A group, or null for the tags without one. */
  group: number | null
  tag: OfferedTag | null
  mode: TagMode
  search: string
  choices: Choice[]
  /** What stands against the last step; '' where nothing does. */
  message: string
}

/** The dialog as it opens: at the first tag of the first group. */
export function firstTagging(access: Access): TaggingInput {
  const tags = offeredTags(access)
  const groups = [...access.tagGroups.map((group) => group.id), null]
  const group = groups.find((id) => tags.some(({ column }) => column.tagGroupId === id)) ?? null
  return inGroup(access, { group, tag: null, mode: 'set', search: '', choices: [], message: '' }, group)
}

/** Reads the form, then does what its button said. */
export function readTagging(access: Access, body: unknown): TaggingInput {
  const found = findOffered(access, Number(groupIdOf(textOf(body, 'tag')) ?? 0))
  const tag = 'problem' in found ? null : found
  const choices = allTexts(body, 'choice').flatMap(readChoice)
  const input: TaggingInput = { group: groupIdOf(textOf(body, 'group')), tag, mode: tag ? modeOf(tag, textOf(body, 'mode')) : 'set', search: textOf(body, 'search'), choices, message: '' }
  return afterButton(access, tag ? withTicks(input, tag, allTexts(body, 'value'), allTexts(body, 'shown')) : input, textOf(body, 'act'))
}

export function writeChoice({ columnId, mode, value }: Choice): string {
  return `${columnId} ${mode} ${value}`
}

function readChoice(text: string): Choice[] {
  const [, id = '', mode = '', value = ''] = /^([1-9]\d{0,8}) (\w+) ([^]*)$/.exec(text) ?? []
  const known = mode === 'set' ? mode : multiModes.find((one) => one === mode)
  return known ? [{ columnId: Number(id), mode: known, value }] : []
}

/** What was chosen before, without what was unticked among the values that were shown, and with what was ticked: all of one tag in one mode. */
function withTicks(input: TaggingInput, tag: OfferedTag, ticked: string[], shown: string[]): TaggingInput {
  const id = tag.column.id
  const of = (value: string): Choice => ({ columnId: id, mode: input.mode, value })
  if (input.mode === 'set') return ticked.length ? { ...input, choices: put(input.choices, [of(ticked.at(-1) as string)], id) } : input
  const kept = input.choices.filter((choice) => choice.columnId === id && (!shown.includes(choice.value) || ticked.includes(choice.value))).map(({ value }) => value)
  return { ...input, choices: put(input.choices, [...new Set([...kept, ...ticked])].map(of), id) }
}

/** The choices of one tag take the place of those before, where these stood. */
function put(choices: Choice[], own: Choice[], id: number): Choice[] {
  const at = choices.findIndex((choice) => choice.columnId === id)
  const others = choices.filter((choice) => choice.columnId !== id)
  return at < 0 ? [...others, ...own] : others.toSpliced(choices.slice(0, at).filter((choice) => choice.columnId !== id).length, 0, ...own)
}

function afterButton(access: Access, input: TaggingInput, act: string): TaggingInput {
  const [verb = '', what = ''] = act.split(' ')
  if (verb === 'group') return inGroup(access, { ...input, search: '' }, groupIdOf(what))
  if (verb === 'tag') return atTag(access, { ...input, search: '' }, Number(groupIdOf(what) ?? 0))
  if (verb === 'drop') return { ...input, choices: input.choices.toSpliced(Number(what) - 1, Number(what) > 0 ? 1 : 0) }
  return verb === 'take' && input.search !== '' ? taken(input) : input
}

function inGroup(access: Access, input: TaggingInput, group: number | null): TaggingInput {
  const first = offeredTags(access).find(({ column }) => column.tagGroupId === group)
  return first ? atTag(access, { ...input, group }, first.column.id) : { ...input, group, tag: null }
}

function atTag(access: Access, input: TaggingInput, id: number): TaggingInput {
  const found = findOffered(access, id)
  if ('problem' in found) return { ...input, tag: null, message: found.problem }
  return { ...input, group: found.column.tagGroupId, tag: found, mode: modeOf(found, input.choices.find((choice) => choice.columnId === id)?.mode ?? '') }
}

/** What is typed becomes a value. */
function taken(input: TaggingInput): TaggingInput {
  if (!input.tag) return { ...input, message: 'Choose a tag first.' }
  const message = problemOfValue(input.tag, input.search)
  if (message) return { ...input, message }
  return { ...withTicks(input, input.tag, [input.search], []), search: '' }
}

/** The chosen values by tag, or what stands against them. */
export function tagsChosen(access: Access, input: TaggingInput): { tags: { tag: OfferedTag; mode: TagMode; values: string[] }[] } | { problem: string } {
  if (input.choices.length > mostValues) return { problem: `At most ${mostValues} values can be chosen at once.` }
  const tags = []
  for (const [columnId, own] of Map.groupBy(input.choices, (choice) => choice.columnId)) {
    const tag = findOffered(access, columnId)
    if ('problem' in tag) return tag
    const mode = modeOf(tag, own[0]?.mode ?? '')
    if (own.some((choice) => choice.mode !== own[0]?.mode) || mode !== own[0]?.mode) return { problem: 'What is to be done with the values of a tag has changed meanwhile. Choose them again.' }
    const values = [...new Set(own.map(({ value }) => value))]
    const problem = values.map((value) => problemOfValue(tag, value)).find((found) => found !== undefined)
    if (problem) return { problem }
    tags.push({ tag, mode, values })
  }
  if (tags.length) return { tags }
  return { problem: input.search ? `Nothing is chosen yet. Tick a value, or press Enter in the search to take “${input.search.slice(0, 60)}” as a new one.` : 'Choose a value first.' }
}
