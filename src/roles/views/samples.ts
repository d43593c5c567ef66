import { sampleEditor } from '../../conditions/views.ts'
import { sampleFields } from '../../form.ts'
import type { Samples } from '../../http/views.ts'
import type { DataModel, GrantGroupModel, GrantRowModel } from './data.ts'
import type { FrameModel } from './frame.ts'
import type { PermissionsModel } from './permissions.ts'
import type { OperatorsModel } from './role.ts'
import type { RowConditionModel, RowsModel } from './rows.ts'

const frame: FrameModel = {
  roles: [{ href: '/settings/roles/1', name: 'Administrator', count: '3', current: false }, { href: '/settings/roles/2', name: '客服（售后）', count: '1,204', current: true }],
  name: '客服（售后）', description: 'Finds users, corrects and tags them.', pills: ['default for new operators'], editHref: '/settings/roles/2/edit', copyHref: '/settings/roles/new?from=2', deleteHref: '/settings/roles/2/deletion', seeAs: '/see-as/2',
  tabs: [{ label: 'Permissions', href: '/settings/roles/2', current: true, count: '' }, { label: 'Operators', href: '/settings/roles/2/operators', current: false, count: '1,204' }], fixed: ''
}
const fixed: FrameModel = { ...frame, description: '', pills: [], editHref: '', copyHref: '', deleteHref: '', seeAs: '', fixed: 'You hold this role yourself.' }

const permissions: PermissionsModel = {
  frame, action: '/settings/roles/2/permissions', seen: 'x', holds: 'Holds at once for 14 operators.', problem: 'Somebody else changed this after you opened it.',
  tree: [{ point: null, group: { name: 'User 360', count: '1 of 2', inside: [
    { group: null, point: { permission: 'user_360.view', name: 'View', says: 'find users', checked: true, disabled: false } }, { group: null, point: { permission: 'user_360.export', name: 'Export', says: 'download users', checked: false, disabled: true } }
  ] } }]
}

const choices = (checked: string, disabled: boolean): GrantRowModel['choices'] => (['hidden', 'masked', 'full'] as const).map((value) => ({ value, checked: value === checked, disabled, label: `Shop members, mobile: ${value}` }))
const row: GrantRowModel = { name: 'level-12', label: 'mobile', kind: 'ID, MOBILE', note: 'key of the source', choices: choices('masked', false), masked: '138****1234', full: '13800001234' }
const open: GrantGroupModel = {
  name: 'Shop members', facts: '1,204 users', count: '1 full, 1 masked', href: '/settings/roles/2/data?of=1', open: true, rows: [row, { ...row, name: 'level-13', label: 'Likes', note: '', choices: choices('full', true) }], empty: '',
  alls: [{ value: 'hidden', label: 'of Shop members hidden', offered: true }, { value: 'masked', label: 'of Shop members masked', offered: true }, { value: 'full', label: 'of Shop members full', offered: false }],
  later: { label: 'Columns of Shop members that come later', options: [{ value: 'hidden', chosen: true, disabled: false }, { value: 'full', chosen: false, disabled: true }] }
}
const closed: GrantGroupModel = { ...open, name: 'Web shop', href: '/settings/roles/2/data?of=2', open: false, rows: [], later: null, alls: [] }
const data: DataModel = { frame, of: '1', search: 'mob', action: '/settings/roles/2/data/1', seen: 'x', groups: [open, closed], problem: 'Somebody else changed this after you opened it.', holds: 'Holds at once for 14 operators.', back: '/settings/roles/2/data' }

const parts = [{ text: 'City is ', strong: false }, { text: 'Hangzhou', strong: true }]
const rows: RowsModel = {
  frame, holds: 'A row that fails its condition is as if absent.',
  sources: [{ alias: 'Shop members', parts, note: '', warn: false, href: '/settings/roles/2/rows/1' }, { alias: 'Web shop', parts: [], note: 'A condition on data that you do not see.', warn: true, href: '' }, { alias: 'Raffle', parts: [], note: 'Sees no column of it.', warn: false, href: '/settings/roles/2/rows/3' }]
}
const condition: RowConditionModel = {
  heading: 'Rows of Shop members that Analyst sees', backUrl: '/settings/roles/2/rows', action: '/settings/roles/2/rows/1', seen: 'x', where: '[]', chips: [{ parts, about: 'City', number: 1 }, { parts, about: 'City', number: 2 }], editorUrl: '/settings/roles/2/rows/1/editor',
  editor: { ...sampleEditor, refresh: '/settings/roles/2/rows/1/editor', suggest: '/settings/roles/2/rows/1/values?field=tag%3A7', cancel: '' }, fixed: '', warning: 'A condition stands there that cannot be asked.', changed: true, holds: 'Holds at once for 14 operators.', problem: ''
}
const operators: OperatorsModel = { frame, rows: [{ name: 'Lin Yating', href: '/settings/operators/1', email: 'lin@example.com', off: false, lastSeen: '2026-05-30 21:04' }, { name: 'Zhao Min', href: '', email: 'zhao@example.com', off: true, lastSeen: '' }], more: 'The first 500 of 1,204 operators are shown.' }

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'roles/permissions': [permissions, { ...permissions, frame: fixed, problem: '' }],
  'roles/data': [data, { ...data, frame: fixed, problem: '', groups: [{ ...open, rows: [], later: null, empty: 'There are no attributes.' }] }],
  'roles/rows': [rows, { ...rows, frame: fixed, sources: [] }],
  'roles/row-condition': [condition, { ...condition, chips: [{ parts, about: 'City', number: 1 }], editor: null, warning: '', changed: false }, { ...condition, chips: [], editor: null }, { ...condition, fixed: 'You hold this role yourself.' }],
  'roles/operators': [operators, { ...operators, rows: [], more: '' }],
  'roles/role': [{ heading: 'New role', text: 'It may do nothing at first.', action: '/settings/roles', submit: 'Add the role', backUrl: '/settings/roles', seen: '', from: '2', fields: sampleFields, problem: '' }, { heading: 'Analyst', text: '', action: '/settings/roles/2', submit: 'Save', backUrl: '/settings/roles/2', seen: 'x', from: '', fields: sampleFields, problem: 'Somebody else changed this.' }],
  'roles/deletion': [{ heading: 'Delete Analyst', text: 'Nobody holds this role.', action: '/settings/roles/2/deletion', allowed: true, backUrl: '/settings/roles/2' }, { heading: 'Delete Analyst', text: '14 operators hold this role.', action: '/settings/roles/2/deletion', allowed: false, backUrl: '/settings/roles/2' }]
}
