import type { Role } from '../../access/role.ts'
import type { Samples } from '../../http/views.ts'
import type { Destination, DestinationKind } from '../destination.ts'
import { blankInput, inputOf, kindForms } from '../forms.ts'
import type { TestResult } from '../test-destination.ts'
import { addressesModel, type AddressesModel } from './addresses.ts'
import { deletionModel, formModel, type DeletionModel, type FormModel, type FormPage } from './form.ts'
import { choiceModel, listModel, type ChoiceModel, type ListModel } from './list.ts'

declare module '../../http/views.ts' {
  interface Views {
    'destinations/list': ListModel
    'destinations/choice': ChoiceModel
    'destinations/form': FormModel
    'destinations/deletion': DeletionModel
    'destinations/addresses': AddressesModel
    'destinations/unsubscribe': { state: 'asks' | 'done' | 'unknown'; action: string }
    'destinations/_test': { test: TestResult }
  }
}

const circumstances = { privateRanges: [], mailServer: true, mailFrom: 'User 360 <console@example.com>' }
const role = { id: 2, name: 'Analyst', description: 'Looks and does not change', administrator: false } as Role
const kinds = Object.keys(kindForms) as DestinationKind[]
const saved = (kind: DestinationKind, at: number): Destination => ({
  id: at + 1, name: `Shop ${at}`, kind, roleIds: at ? [2] : [], settings: kindForms[kind].check(kindForms[kind].blank, circumstances).settings, secrets: kind === 'kafka' ? { password: 'sealed' } : {},
  testedAt: at === 1 ? null : new Date(0), testProblem: ['', null, 'The mail server does not answer.', null][at] ?? null
}) as Destination
const all = kinds.map(saved)
const page: Omit<FormPage, 'input'> = { roles: [role], circumstances, email: 'lin@example.com' }
const passed: TestResult = { passed: true, text: '3 brokers answer.' }
const failed: TestResult = { passed: false, text: 'The broker cannot be reached.' }

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'destinations/list': [listModel(all, [role], 'UTC'), listModel([], [], 'UTC')], 'destinations/choice': [choiceModel],
  'destinations/form': [
    ...kinds.map((kind) => formModel({ ...page, input: blankInput(kind) })), ...all.map((one) => formModel({ ...page, destination: one, input: inputOf(one, 'seen'), problem: 'Somebody else changed this.', test: passed })),
    formModel({ ...page, roles: [], input: { ...blankInput('kafka'), typed: { password: 'x' } }, messages: { name: 'Give it a name.', topic: 'No.', ca: 'No.', password: 'Type it.', tls: 'No.', sasl: 'No.' }, test: failed }),
    formModel({ ...page, destination: all[2]!, input: inputOf(all[2]!, 'seen'), testMail: { message: { subject: '', text: '' }, messages: { subject: 'Write something here.' }, problem: 'The mail server does not answer.' } })
  ],
  'destinations/deletion': [deletionModel(all[0]!, ''), deletionModel(all[0]!, '2 pushes use this destination. Remove them first.')],
  'destinations/addresses': [addressesModel({ unsubscribed: 1, refused: 0 }), addressesModel({ unsubscribed: 1200, refused: 3 }, { text: 'x', change: 'allow', problem: 'Write at least one address.' })],
  'destinations/unsubscribe': [{ state: 'asks', action: '/unsubscribe/x' }, { state: 'done', action: '/unsubscribe/x' }, { state: 'unknown', action: '/unsubscribe/x' }],
  'destinations/_test': [{ test: passed }, { test: failed }]
}
