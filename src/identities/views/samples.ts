import { sampleFields } from '../../form.ts'
import type { Samples } from '../../http/views.ts'
import type { ExceptionModel, ExceptionRow } from './exception.ts'
import type { IdTypeModel, IdTypesModel } from './id-types.ts'
import type { RefusedJoinModel, RefusedJoinsModel } from './refused-joins.ts'

const row = { href: '/settings/id-types/1', priority: '1', name: 'OneID', code: 'ONEID', values: 'one per user', enabled: true, mapping: true, preset: false, sources: 'Shop members' }
const idTypes: IdTypesModel = {
  facts: '17 of 50 types', full: false, rows: [row, { ...row, enabled: false, mapping: false, preset: true, sources: '' }], mapping: { fields: sampleFields, facts: 'Listed.' },
  aes: { set: true, text: 'An AES key is set.' }, busy: { text: 'A change is being applied.', href: '/settings/jobs/1' }
}
const idType: IdTypeModel = {
  heading: 'Device token', facts: 'own type', action: '/settings/id-types/18', submit: 'Save', swap: 'Exchange priorities with OneID', fields: sampleFields,
  deletion: { action: '/settings/id-types/18/deletion', allowed: true, text: 'Nothing but the type goes.' }
}

const value = { type: 'Mobile', value: '13800138000', encryption: 'MD5' }
const refused = { ...value, href: '/settings/refused-joins/3/x', reason: 'Shared value', rows: '24', conflict: 'OneID', since: '2026-11-24 10:00' }
const exception: ExceptionRow = { ...value, kind: 'excluded', by: 'Lin Yating', at: '2026-11-24 10:00', action: '/settings/refused-joins/3/x/exception' }
const refusedJoins: RefusedJoinsModel = {
  facts: 'Values that could join users but do not', tabs: [{ label: 'All', href: '/settings/refused-joins', current: true, count: '1' }, { label: 'Placeholders', href: '/settings/refused-joins?reason=placeholder', current: false, count: '' }],
  rows: [refused, { ...refused, encryption: '', conflict: '' }], firstUrl: '/settings/refused-joins', nextUrl: '/settings/refused-joins?after=x', empty: '',
  exceptions: [exception, { ...exception, encryption: '', by: '' }], exceptionsNote: 'Only the newest are shown.'
}
const behind = { source: 'Shop members', sourceKey: 'M1', value: '13800138000', user: '王芳', userUrl: '/users/1', held: 'M1' }
const refusedJoin: RefusedJoinModel = {
  ...value, heading: 'Mobile 13800138000', why: 'It stands in too many rows.', facts: [{ label: 'Rows', value: '24' }], conflict: 'OneID', rows: [behind, { ...behind, userUrl: '', held: '' }],
  firstUrl: '/settings/refused-joins/3/x', nextUrl: '/settings/refused-joins/3/x?after=9', backUrl: '/settings/refused-joins', exceptionUrl: '/settings/refused-joins/3/x/exception'
}
const person = { name: '王芳', url: '/users/1' }
const exceptionPage: ExceptionModel = {
  ...value, heading: 'Exclude a value from ID mapping', text: 'It joins nobody from now on.', figures: [{ label: 'users split off', value: '24' }], action: '/settings/refused-joins/3/x/exception', hidden: [{ name: 'confirmed', value: 'x' }], submit: 'OK, apply',
  lists: [{ title: 'Who would be split off', rows: [{ who: { name: 'User 9', url: '' }, text: 'stands on its own again, until now part of', other: person }, { who: person, text: 'becomes part of', other: person }], more: '4 more users beyond these.' }, { title: 'Who would be joined', rows: [], more: '' }],
  backUrl: '/settings/refused-joins', problem: 'The settings changed.'
}

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'identities/id-types': [idTypes, { ...idTypes, full: true, aes: { set: false, text: 'No AES key is set.' }, busy: null }],
  'identities/id-type': [idType, { ...idType, swap: '', deletion: null }, { ...idType, deletion: { action: '/settings/id-types/18/deletion', allowed: false, text: 'Columns use it.' } }],
  'identities/confirm': {
    heading: 'Change ID mapping', changes: [{ name: 'Mobile, priority', before: '3', after: '4' }], figures: [{ label: 'users joined', value: '3' }], text: '3 users would be joined.',
    action: '/settings/id-types/3', hidden: [{ name: 'confirmed', value: 'x' }], submit: 'Apply', backUrl: '/settings/id-types', problem: 'The settings changed.'
  },
  'identities/refused-joins': [refusedJoins, { ...refusedJoins, rows: [], firstUrl: '', nextUrl: '', empty: 'No join was refused.', exceptions: [], exceptionsNote: '' }],
  'identities/exception': [exceptionPage, { ...exceptionPage, encryption: '', lists: [], problem: '' }],
  'identities/refused-join': [refusedJoin, { ...refusedJoin, encryption: '', conflict: '', firstUrl: '', nextUrl: '' }]
}
