import type { Role } from '../../access/role.ts'
import { formFields, type FormField } from '../../form.ts'
import type { FieldMessages } from '../../problem.ts'
import type { Destination, SecretName } from '../destination.ts'
import { kindForms, type DestinationInput } from '../forms.ts'
import type { Circumstances, KindForm, Section } from '../forms/kind-form.ts'
import { kindLabels, kindTexts } from '../labels.ts'
import type { Message } from '../message.ts'
import type { TestResult } from '../test-destination.ts'

export interface TestMail { message: Message; messages: FieldMessages; problem: string }

export interface FormModel {
  heading: string; kind: string; text: string; action: string; submit: string; seen: string; problem: string; deletionUrl: string
  name: FormField; sections: { legend: string; shown: string; fields: FormField[] }[]
  roles: { id: number; name: string; says: string; checked: boolean }[]
  /** Null where there is nothing to connect to. */
  test: { url: string; result: TestResult | null; retype: boolean } | null
  /** Null where no mails are sent, or the destination is not saved yet. */
  testMail: { action: string; says: string; fields: FormField[]; problem: string } | null
}

export interface DeletionModel { heading: string; text: string; action: string; allowed: boolean; backUrl: string }

export interface FormPage {
  destination?: Destination; input: DestinationInput; messages?: FieldMessages; roles: readonly Role[]; circumstances: Circumstances
  /** Of the operator, where test mails go. */
  email: string
  problem?: string; test?: TestResult; testMail?: TestMail
}

const firstMail: TestMail = { message: { subject: 'A test', text: 'Dear {{name|friend}},\n\nthis is how mails of this destination arrive.' }, messages: {}, problem: '' }

export function formModel({ destination, input, messages = {}, roles, circumstances, email, problem = '', test, testMail = firstMail }: FormPage): FormModel {
  const { kind } = input
  const form = kindForms[kind] as KindForm<object>
  const sections = form.sections(input.values, new Set(Object.keys(destination?.secrets ?? {}) as SecretName[]), circumstances)
  const fields = formFields([{ id: 'name', label: 'Name', value: input.name, help: 'As it is called where groups are sent.' }, ...sections.flatMap((section: Section) => section.fields)], messages)
  const byId = new Map(fields.map((field) => [field.id, field]))
  const path = destination ? `/settings/destinations/${destination.id}` : '/settings/destinations'
  return {
    heading: destination?.name ?? `New destination: ${kindLabels[kind]}`, kind, text: kindTexts[kind], action: path, submit: destination ? 'Save' : 'Add the destination', seen: input.seen, problem,
    deletionUrl: destination ? `${path}/deletion` : '', name: byId.get('name')!, sections: sections.map(({ legend, shown, fields: drafts }) => ({ legend, shown, fields: drafts.map(({ id }) => byId.get(id)!) })),
    roles: roles.filter((role) => !role.administrator).map((role) => ({ id: role.id, name: role.name, says: role.description, checked: input.roleIds.includes(role.id) })),
    test: kind === 'data_bank' ? null : { url: `${path}/test`, result: test ?? null, retype: Object.keys(input.typed).length > 0 },
    testMail: destination?.kind === 'email' ? {
      action: `${path}/test-mail`, says: `It goes to ${email}, with your name as {{name}}, by what is saved above.`, problem: testMail.problem,
      fields: formFields([{ id: 'subject', label: 'Subject', value: testMail.message.subject }, { id: 'text', label: 'Text', control: 'textarea', value: testMail.message.text }], testMail.messages)
    } : null
  }
}

export function deletionModel(destination: Destination, refusal: string): DeletionModel {
  const path = `/settings/destinations/${destination.id}`
  return { heading: `Delete ${destination.name}`, text: refusal || 'Its settings and secrets go; the history keeps what the settings were. No push uses it.', action: `${path}/deletion`, allowed: refusal === '', backUrl: path }
}
