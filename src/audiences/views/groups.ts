import { formFields, sampleFields, type FormField } from '../../form.ts'
import { formatCount } from '../../format.ts'
import type { Samples } from '../../http/views.ts'
import type { FieldMessages } from '../../problem.ts'
import type { Audience } from '../audience.ts'
import type { GroupInput } from '../forms.ts'
import { unseenRules } from '../take-over.ts'
import { familyOf, type AudienceGroup } from '../group.ts'

export interface GroupModel { heading: string; backUrl: string; action: string; submit: string; deletionUrl: string; fields: FormField[] }
/** A page that asks once more. `refusal`: why it cannot be done, or ''. */
export interface QuestionModel { heading: string; backUrl: string; action: string; lines: string[]; refusal: string; submit: string; danger: boolean }

declare module '../../http/views.ts' {
  interface Views {
    'audiences/group': GroupModel
    'audiences/question': QuestionModel
  }
}

export function groupModel(groups: readonly AudienceGroup[], group: AudienceGroup | undefined, input: GroupInput, messages: FieldMessages = {}): GroupModel {
  const below = group ? familyOf(groups, group.id) : []
  return {
    heading: group?.name ?? 'New group of audiences', backUrl: group ? `/audiences?group=${group.id}` : '/audiences', action: group ? `/audiences/groups/${group.id}` : '/audiences/groups',
    submit: group ? 'Save' : 'Add the group', deletionUrl: group ? `/audiences/groups/${group.id}/deletion` : '',
    fields: formFields([
      { id: 'name', label: 'Name', value: input.name },
      { id: 'parent', label: 'Inside', control: 'select', value: input.parent, options: [{ value: '', label: 'nothing: at the top' }, ...groups.filter(({ id }) => !below.includes(id)).map(({ id, path }) => ({ value: String(id), label: path.join(' › ') }))] }
    ], messages)
  }
}

export function groupDeletionModel(group: AudienceGroup, groupsBelow: number): QuestionModel {
  const below = groupsBelow ? ` with the ${formatCount(groupsBelow, 'group')} inside it` : ''
  return { heading: `Delete ${group.name}?`, backUrl: `/audiences?group=${group.id}`, action: `/audiences/groups/${group.id}/deletion`, lines: [`The group goes${below}. Its audiences stay and stand under “Ungrouped”.`], refusal: '', submit: 'Delete the group', danger: true }
}

export function deletionModel(audience: Audience, refusal: string, backUrl: string): QuestionModel {
  return { heading: `Delete ${audience.name}?`, backUrl, action: `/audiences/${audience.id}/deletion`, lines: ['The audience goes with its rules and its list of members. Its users stay as they are.'], refusal, submit: 'Delete the audience', danger: true }
}

/** `unseen`: its rules name something that the new owner does not see. */
export function takeOverModel(audience: Audience, { refusal, backUrl, unseen, scheduled }: { refusal: string; backUrl: string; unseen: boolean; scheduled: boolean }): QuestionModel {
  const { id, name, owner, shared, kind } = audience
  return {
    heading: `Take over ${name}?`, backUrl, action: `/audiences/${id}/ownership`, refusal, submit: 'Take it over', danger: false,
    lines: [
      `It belongs to ${owner.name}, whose account was ${owner.gone}. You become its owner, and only you change and build it.`,
      unseen ? `${unseenRules} It is paused with the members of its last build, of whom you find those whom you see, until you put other rules in their place.`
        : kind === 'rules' ? 'From now on it is built with what you may see, at once for the first time: who is in it, and how many, can change.' : 'Those who were chosen stay in it, as far as you see them.',
      ...(scheduled ? ['It is built by the same schedule as before.'] : []), shared ? 'It stays shared.' : 'It stays private: yours alone.',
      'Pushes that others set up go on with what these may see.'
    ]
  }
}

const deletion: QuestionModel = { heading: 'Delete Spring?', backUrl: '/audiences', action: '/audiences/groups/1/deletion', lines: ['The group goes.'], refusal: '', submit: 'Delete the group', danger: true }

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'audiences/group': [{ heading: 'Spring', backUrl: '/audiences?group=1', action: '/audiences/groups/1', submit: 'Save', deletionUrl: '/audiences/groups/1/deletion', fields: sampleFields }, { heading: 'New group', backUrl: '/audiences', action: '/audiences/groups', submit: 'Add the group', deletionUrl: '', fields: sampleFields }],
  'audiences/question': [deletion, { ...deletion, heading: 'Take over Spring?', action: '/audiences/3/ownership', submit: 'Take it over', danger: false }, { ...deletion, refusal: 'The rules of Tea name it.' }]
}
