import type { Access } from '../../access/access.ts'
import { labelOfTag } from '../../conditions/field.ts'
import type { Option } from '../../form.ts'
import { formatAbout, formatCount, formatNumber } from '../../format.ts'
import type { Samples } from '../../http/views.ts'
import type { Selection } from '../../overrides/queries/selections.ts'
import type { FieldMessages } from '../../problem.ts'
import { inlineAtMost } from '../../projection/in-act.ts'
import type { BatchInput } from '../forms/batch.ts'
import { typeLabels } from '../labels.ts'
import type { Counted } from '../queries/effect.ts'
import { uncategorized } from '../tag-group.ts'
import { multiModes, offeredTags, type TagMode } from '../tagging.ts'

export interface Figure { label: string; value: string }

/** The head and the foot that every dialog about chosen users has. */
export interface ChosenModel {
  action: string; whom: string; back: string; submit: string; foot: string
  /** The dialog opens: the cursor stands in its first field. */
  begins: boolean
}

export interface BatchModel extends ChosenModel {
  policies: { value: string; name: string; text: string; shown: string; chosen: boolean }[]
  policyError: string
  groups: Option[]; group: string; tags: Option[]; tag: string; tagError: string
  modes: { mode: TagMode; label: string; chosen: boolean }[]
  value: string; valueError: string; values: string[]; suggest: string
  effect: EffectModel
}
export interface EffectModel { action: string; figures: Figure[]; nothing: string; live: boolean }

declare module '../../http/views.ts' {
  interface Views {
    'tags/batch': BatchModel
    'tags/_batch': BatchModel
    'tags/_batch-effect': BatchModel
  }
}

/** What a change does, in numbers; null where one of them could not be found in time. */
export interface Effect { same: Counted | null; handSet: Counted | null }

export function batchModel(access: Access, selection: Selection, input: BatchInput, effect: Effect | null, options: { values: string[]; back: string; messages: FieldMessages; begins: boolean }): BatchModel {
  const offered = offeredTags(access)
  const { tag } = input
  const groups = [...access.tagGroups.map((group) => ({ id: group.id as number | null, label: group.path.join(' / ') })), { id: null, label: uncategorized }].filter(({ id }) => offered.some(({ column }) => column.tagGroupId === id))
  const action = `/users/selections/${selection.id}/tagging`
  return {
    ...chosenModel(selection, action, 'Tag', options),
    policies: [
      { value: 'overwrite', name: 'Overwrite existing tags', text: 'The latest data of the source wins.', shown: 'coffee', chosen: input.policy === 'overwrite' },
      { value: 'keep', name: 'Ignore', text: 'What you set is kept.', shown: 'tea', chosen: input.policy === 'keep' }
    ],
    policyError: options.messages['policy'] ?? '',
    groups: groups.map(({ id, label }) => ({ value: String(id ?? 'none'), label })), group: String(input.group ?? 'none'),
    tags: offered.filter(({ column }) => column.tagGroupId === input.group).map(({ column }) => ({ value: String(column.id), label: `${labelOfTag(column)} (${typeLabels[column.type]})` })), tag: String(tag?.column.id ?? ''),
    tagError: options.messages['tag'] ?? (offered.length === 0 ? 'There is no text or multi-value tag that you may set.' : ''),
    modes: tag?.column.type === 'multi' ? multiModes.map((mode) => ({ mode, label: `${mode.charAt(0).toUpperCase()}${mode.slice(1)}`, chosen: mode === input.mode })) : [],
    value: input.value, valueError: options.messages['value'] ?? '', values: options.values, suggest: tag ? `/users/suggestions?field=tag:${tag.column.id}` : '',
    effect: { action, ...effectModel(selection, input, effect), live: true }
  }
}

export function chosenModel(selection: Selection, action: string, verb: string, { back, begins }: { back: string; begins: boolean }): ChosenModel {
  const users = formatCount(selection.users, 'user')
  return {
    action, back, begins, submit: `${verb} ${users}`,
    whom: selection.query === null ? `${users}, ticked in the list.` : `${users}: all that match the query now. Who comes to match later is not tagged.`,
    foot: `${selection.users > inlineAtMost ? 'Runs in the background. ' : ''}You can undo it as a whole.`
  }
}

function effectModel(selection: Selection, { mode, value }: BatchInput, effect: Effect | null): { figures: Figure[]; nothing: string } {
  if (!effect) return { figures: [], nothing: value === '' ? 'Choose a value to see what it would change.' : 'This value cannot be taken.' }
  const changing = effect.same && { count: selection.users - effect.same.count, exact: effect.same.exact }
  return {
    nothing: '',
    figures: [
      { label: 'users will change', value: sayCounted(changing) },
      { label: mode === 'remove' ? 'do not have the value; it is recorded for them all the same' : 'already have the value; the choice above is recorded for them all the same', value: sayCounted(effect.same) },
      { label: 'hand-set values would be replaced', value: sayCounted(effect.handSet) }
    ]
  }
}

export function sayCounted(counted: Counted | null): string {
  return counted === null ? 'not known' : counted.exact ? formatNumber(counted.count) : formatAbout(counted.count)
}

const effect: EffectModel = { action: '/users/selections/x/tagging', figures: [{ label: 'users will change', value: '1,098,450' }], nothing: '', live: true }
const full: BatchModel = {
  action: '/users/selections/x/tagging', whom: '1,204,318 users: all that match the query now.', back: '/users', submit: 'Tag 1,204,318 users', foot: 'Runs in the background. You can undo it as a whole.', begins: true,
  policies: [{ value: 'overwrite', name: 'Overwrite existing tags', text: 'The latest data of the source wins.', shown: 'coffee', chosen: false }, { value: 'keep', name: 'Ignore', text: 'What you set is kept.', shown: 'tea', chosen: true }], policyError: '',
  groups: [{ value: '1', label: 'Interests' }, { value: 'none', label: 'Uncategorized' }], group: '1', tags: [{ value: '12', label: 'Likes (multi-value)' }, { value: '13', label: 'Reads (text)' }], tag: '12', tagError: '',
  modes: [{ mode: 'add', label: 'Add', chosen: true }, { mode: 'remove', label: 'Remove', chosen: false }], value: '露营', valueError: '', values: ['tea', '"quoted"'], suggest: '/users/suggestions?field=tag:12', effect
}
const wrong: BatchModel = { ...full, begins: false, policyError: 'Choose what happens.', tagError: 'It does not exist.', valueError: 'It is too long.', modes: [], effect: { ...effect, figures: [], nothing: 'This value cannot be taken.' } }

export const samples: Samples = { 'tags/batch': [full, wrong], 'tags/_batch': [full, wrong], 'tags/_batch-effect': [full, wrong] }
