import { formFields, sampleFields, type FormField } from '../../form.ts'
import { formatCount } from '../../format.ts'
import type { Samples } from '../../http/views.ts'
import type { FieldMessages } from '../../problem.ts'
import type { Audience } from '../audience.ts'
import type { GroupInput } from '../forms.ts'
import { familyOf, type AudienceGroup } from '../group.ts'

export interface GroupModel { heading: string; backUrl: string; action: string; submit: string; deletionUrl: string; fields: FormField[] }
/** A page that asks once more. `refusal`: why it cannot be done, or ''. */
export interface DeletionModel { heading: string; backUrl: string; action: string; text: string; refusal: string; submit: string }

declare module '../../http/views.ts' {
  interface Views {
    'audiences/group': GroupModel
    'audiences/deletion': DeletionModel
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

export function groupDeletionModel(group: AudienceGroup, groupsBelow: number): DeletionModel {
  const below = groupsBelow ? ` with the ${formatCount(groupsBelow, 'group')} inside it` : ''
  return { heading: `Delete ${group.name}?`, backUrl: `/audiences?group=${group.id}`, action: `/audiences/groups/${group.id}/deletion`, text: `The group goes${below}. Its audiences stay and stand under “Ungrouped”.`, refusal: '', submit: 'Delete the group' }
}

export function deletionModel(audience: Audience, refusal: string): DeletionModel {
  const at = `/audiences/${audience.id}`
  return { heading: `Delete ${audience.name}?`, backUrl: at, action: `${at}/deletion`, text: 'The audience goes with its rules and its list of members. Its users stay as they are.', refusal, submit: 'Delete the audience' }
}

const deletion: DeletionModel = { heading: 'Delete Spring?', backUrl: '/audiences', action: '/audiences/groups/1/deletion', text: 'The group goes.', refusal: '', submit: 'Delete the group' }

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'audiences/group': [{ heading: 'Spring', backUrl: '/audiences?group=1', action: '/audiences/groups/1', submit: 'Save', deletionUrl: '/audiences/groups/1/deletion', fields: sampleFields }, { heading: 'New group', backUrl: '/audiences', action: '/audiences/groups', submit: 'Add the group', deletionUrl: '', fields: sampleFields }],
  'audiences/deletion': [deletion, { ...deletion, refusal: 'The rules of Tea name it.' }]
}
