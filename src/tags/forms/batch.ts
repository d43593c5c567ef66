import type { Access } from '../../access/access.ts'
import type { OverridePolicy } from '../../db/database.ts'
import { textOf } from '../../form.ts'
import type { FieldMessages } from '../../problem.ts'
import { groupIdOf } from '../forms.ts'
import { findOffered, modeOf, offeredTags, problemOfValue, type OfferedTag, type TagMode } from '../tagging.ts'

/** What the dialog of a batch holds. */
export interface BatchInput { policy: string; group: number | null; tag: OfferedTag | null; mode: TagMode; value: string }

/** By their names on the page: what happens when an import brings another value. */
export const policies: Record<string, OverridePolicy> = { overwrite: 'until_import', keep: 'keep' }

/** The dialog as it opens: at the first tag of the first group, keeping what is set. */
export function firstBatch(access: Access): BatchInput {
  const tags = offeredTags(access)
  const group = [...access.tagGroups.map(({ id }) => id), null].find((id) => tags.some(({ column }) => column.tagGroupId === id)) ?? null
  return ofTag({ policy: 'keep', group, tag: null, mode: 'set', value: '' }, tags.find(({ column }) => column.tagGroupId === group))
}

/** Reads the form: another group begins with its first tag, and another tag with no value. */
export function readBatch(access: Access, body: unknown): BatchInput {
  const tagId = Number(groupIdOf(textOf(body, 'tag')) ?? 0)
  const found = findOffered(access, tagId)
  const named = 'problem' in found ? undefined : found
  const group = textOf(body, 'group') === '' ? named?.column.tagGroupId ?? null : groupIdOf(textOf(body, 'group'))
  const tag = named && named.column.tagGroupId === group ? named : offeredTags(access).find(({ column }) => column.tagGroupId === group)
  const before = textOf(body, 'before')
  const value = before !== '' && before !== String(tag?.column.id) ? '' : textOf(body, 'value')
  const input: BatchInput = { policy: textOf(body, 'policy'), group, tag: null, mode: 'set', value }
  return tag ? { ...input, tag, mode: modeOf(tag, textOf(body, 'mode')) } : input
}

function ofTag(input: BatchInput, tag: OfferedTag | undefined): BatchInput {
  return tag ? { ...input, tag, mode: modeOf(tag, '') } : input
}

/** What stands against the batch, by field. `named` is the tag as the request names it, which must be the one that was read. */
export function problemsOfBatch(access: Access, input: BatchInput, named: string): FieldMessages {
  const found = findOffered(access, Number(groupIdOf(named) ?? 0))
  const messages: FieldMessages = {}
  if (!Object.hasOwn(policies, input.policy)) messages['policy'] = 'Choose what happens when a later import brings another value.'
  if ('problem' in found) messages['tag'] = found.problem
  else if (found.column.id !== input.tag?.column.id) messages['tag'] = 'The tag and the group do not fit any more. Choose the tag again.'
  else {
    const problem = problemOfValue(found, input.value)
    if (problem) messages['value'] = problem
  }
  return messages
}
