import type { Access } from '../../access/access.ts'
import type { EditorModel } from '../../conditions/views.ts'
import { formFields, sampleFields, type FormField } from '../../form.ts'
import { formatCount } from '../../format.ts'
import type { Samples } from '../../http/views.ts'
import type { FieldMessages } from '../../problem.ts'
import { scheduleForm, type ScheduleForm, type ScheduleOffer } from '../../schedules/form.ts'
import type { Schedule } from '../../schedules/schedule.ts'
import { ungrouped, type Audience, type Details } from '../audience.ts'
import type { AudienceGroup } from '../group.ts'
import type { RuleDraft } from '../rule-draft.ts'
import { rulesModel, sampleRules, type RulesModel } from './rules.ts'

export interface AudienceFormModel {
  heading: string; backUrl: string; action: string; version: string; choice: string; submit: string
  /** Who is in it where that is not asked by rules, or ''. */
  chosen: string
  /** What stands against the rules that were kept, or ''. */
  warning: string
  fields: FormField[]; rules: RulesModel | null; schedule: ScheduleForm | null
}

declare module '../../http/views.ts' {
  interface Views { 'audiences/form': AudienceFormModel }
}

export interface FormContext { access: Access; groups: readonly AudienceGroup[]; offer: ScheduleOffer }

/** What a form holds: as it is kept, or as it was typed. */
export interface FormInput {
  details: Details
  draft: RuleDraft | null
  schedule: Schedule | null
  body?: unknown
  messages?: FieldMessages
  warning?: string
}

/** `about`: the audience that is changed, or users who were chosen for a new one. */
export function audienceFormModel({ access, groups, offer }: FormContext, about: { audience: Audience | null; choice?: { id: string; users: number } }, input: FormInput, editor: EditorModel | null): AudienceFormModel {
  const { audience, choice } = about
  const { details, messages = {} } = input
  const action = audience ? `/audiences/${audience.id}` : '/audiences'
  return {
    heading: audience ? `Edit ${audience.name}` : 'New audience', backUrl: audience ? action : choice ? '/users' : '/audiences', action, version: String(audience?.version ?? 0), choice: choice?.id ?? '',
    submit: audience ? 'Save' : 'Save and build', warning: input.warning ?? '',
    chosen: choice ? `${formatCount(choice.users, 'user')} chosen from the list. They stay as they are, whatever changes later.` : audience?.kind === 'picked' ? 'Users who were chosen from the list.' : audience?.kind === 'ids' ? 'A list of IDs that was uploaded.' : '',
    fields: formFields([
      { id: 'name', label: 'Name', value: details.name }, { id: 'description', label: 'Description', value: details.description },
      { id: 'group', label: 'Group', control: 'select', value: String(details.groupId ?? ''), options: [{ value: '', label: ungrouped }, ...groups.map((group) => ({ value: String(group.id), label: group.path.join(' › ') }))] },
      { id: 'shared', label: 'Sharing', control: 'switch', value: 'Shared: others see its name and who is in it', checked: details.shared }
    ], messages),
    rules: input.draft && rulesModel(access, input.draft, { editor, error: messages['rules'] ?? '', action }),
    schedule: input.draft && scheduleForm(offer, input.schedule, messages, input.body)
  }
}

const offer: ScheduleOffer = { every: ['hour', 'day', 'week', 'month', 'import'], sources: [{ value: '1', label: 'Shop members' }], days: false, never: 'By hand only', timeZone: 'Asia/Shanghai' }
const model: AudienceFormModel = {
  heading: 'New audience', backUrl: '/audiences', action: '/audiences', version: '0', choice: '', submit: 'Save and build', chosen: '', warning: 'Its rules cannot be asked any more.', fields: sampleFields, rules: sampleRules, schedule: scheduleForm(offer, null)
}

/** Models for each view, to render it alone. */
export const samples: Samples = { 'audiences/form': [model, { ...model, choice: '7b0', chosen: '12 users chosen from the list.', warning: '', rules: null, schedule: null }] }
