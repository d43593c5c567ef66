import { sampleFields } from '../../form.ts'
import type { Samples } from '../../http/views.ts'
import type { LinksShown } from './added.ts'
import type { RoleTicks } from './forms.ts'
import { invitationModel } from './invitation.ts'
import type { OperatorsModel } from './list.ts'
import type { OperatorModel } from './operator.ts'
import { codeModel, recoveryCodesModel, setUpTwoStepModel, twoStepModel } from './two-step.ts'

const roles: RoleTicks = { options: [{ id: 1, name: 'Administrator', says: 'Everything.', checked: true }, { id: 2, name: 'Analyst', says: '', checked: false }], error: '', help: 'One role is not listed.' }
const shown: LinksShown = {
  links: [{ name: 'Zhao Min', email: 'zhao@example.com', href: '/settings/operators/2', url: 'https://console.example.com/invitations/x', mail: { text: 'Mailed.', sent: true } }, { name: 'Wang Fang', email: 'wang@example.com', href: '/settings/operators/3', url: 'https://console.example.com/invitations/x', mail: { text: 'Not mailed: the mail server does not answer.', sent: false } }],
  text: 'These links are shown only now.'
}
const oneLink: LinksShown = { ...shown, links: [{ ...shown.links[0]!, mail: null }] }
const many = { fields: sampleFields, roles, submit: 'Add them' }
const list: OperatorsModel = {
  facts: '3 operators, 1 switched off', q: '', alone: false, empty: '', firstUrl: '/settings/operators', nextUrl: '/settings/operators?after=abc',
  rows: [
    { href: '/settings/operators/1', name: 'Lin Yating', email: 'lin@example.com', roles: 'Administrator', lastSeen: '2026-11-24 09:41', state: { text: 'active', tone: 'good' }, twoStep: true },
    { href: '/settings/operators/2', name: 'Zhao Min', email: 'zhao@example.com', roles: '', lastSeen: '', state: { text: 'switched off', tone: '' }, twoStep: false }
  ]
}
const operator: OperatorModel = {
  name: 'Zhao Min', email: 'zhao@example.com', state: { text: 'active', tone: 'good' }, facts: [{ label: 'Last seen', value: 'never' }], form: { action: '/settings/operators/2', fields: sampleFields, roles }, closed: '', shown: null, removalUrl: '/settings/operators/2/removal', removalSays: 'For good.',
  acts: [{ action: '/settings/operators/2/switch', label: 'Switch on again', says: 'With the roles they had.', fields: [{ name: 'on', value: 'on' }] }]
}
const setUp = { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', installation: 'Lotus & Co', email: 'lin@example.com' }

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'operators/list': [list, { ...list, facts: '1 operator', rows: list.rows.slice(0, 1), alone: true, firstUrl: '', nextUrl: '' }, { ...list, q: 'x', rows: [], empty: 'Nobody has “x” in their name or e-mail.', nextUrl: '' }],
  'operators/new': [{ fields: sampleFields, roles }, { fields: sampleFields, roles: { ...roles, error: 'Choose at least one role.', help: '' } }],
  'operators/new-many': many,
  'operators/_links': { shown: oneLink },
  'operators/added': [{ heading: '2 operators added', shown, existing: ['lin@example.com'], again: many }, { heading: 'Nobody was added', shown: { links: [], text: '' }, existing: [], again: null }],
  'operators/operator': [operator, { ...operator, form: null, closed: 'Only an administrator can change this account.', acts: [], removalUrl: '', shown: oneLink }],
  'operators/invitation': invitationModel('x', { name: 'Zhao Min', email: 'zhao@example.com' }, { again: 'The two passwords differ.' }),
  'operators/invitation-gone': { text: 'This link does not work.' },
  'operators/code': [codeModel(''), codeModel('This code is not right.')],
  'operators/two-step': [setUpTwoStepModel(setUp, true), setUpTwoStepModel(setUp, false, { code: 'This is not the code.' }), twoStepModel({ since: new Date(), recoveryCodes: 1 }, true, 'Asia/Shanghai'), twoStepModel({ since: new Date(), recoveryCodes: 10 }, false, 'Asia/Shanghai', { password: 'This is not your password.' })],
  'operators/recovery-codes': recoveryCodesModel(['k7mq-x2pd-abcd-efgh', 'k7mq-x2pd-abcd-efgi'], 'Two-step sign-in is on')
}
