import { sampleEditor } from '../../conditions/views.ts'
import type { Samples } from '../../http/views.ts'
import type { IdModel } from './identity.ts'
import type { ColumnsModel } from './columns.ts'
import { factSamples, tagSamples } from './field-samples.ts'
import type { ProfileModel } from './profile.ts'
import type { QueryFormModel } from './query-form.ts'
import type { CellModel, TableModel } from './table.ts'

const form: QueryFormModel = {
  id: '', levels: [{ value: 'Gold', label: 'Gold', ticked: true }, { value: '', label: 'No level', ticked: false }], levelsChosen: 'Gold',
  chips: [{ parts: [{ text: 'Likes contains any of ', strong: false }, { text: 'tea', strong: true }], about: 'Likes', number: 1 }], where: '[]', sort: '-created', size: '50', editor: sampleEditor
}
const bareForm: QueryFormModel = { id: '138', levels: null, levelsChosen: 'Any', chips: [], where: '', sort: '-created', size: '50', editor: null }

const cells: CellModel[] = [
  { text: '', title: '', kind: 'number', hand: 'moved' }, { text: '', title: '', kind: 'plain', hand: 'set' }, { text: '12,480.00', title: '', kind: 'number', hand: '' }, { text: 'Hangzhou, West Lake', title: 'Hangzhou, West Lake', kind: 'clip', hand: 'set' },
  { text: 'a1b2…c3d4', title: 'Known only as an MD5 value', kind: 'code', hand: '' }, { text: 'another source', title: '', kind: 'quiet', hand: '' }, { text: 'Gold', title: '', kind: 'plain', hand: '' }
]
const actions = [{ label: 'Details', href: '/users/1?in=x', about: 'of 王芳', dialog: false, id: '' }, { label: 'Columns', href: '/users/columns', about: 'of 王芳', dialog: true, id: 'columns-1' }]
const table: TableModel = {
  head: [
    { label: 'Name', href: null, sorted: null, numeric: false, name: true, id: 'sort-attribute-name' }, { label: 'Points', href: '/users?sort=points', sorted: 'descending', numeric: true, name: false, id: 'sort-tag-3' },
    { label: 'City', href: '/users?sort=city', sorted: null, numeric: false, name: false, id: 'sort-attribute-city' }
  ],
  rows: [{ id: '1', name: '王芳', hand: 'set', tick: 'Tick 王芳', href: '/users/1?in=x', event: 'user-1-changed', cells, actions }, { id: '7', name: '', hand: '', tick: 'Tick user 7', href: '/users/7?in=x', event: 'user-7-changed', cells: [], actions: [] }],
  sizes: [{ size: 20, href: '/users?size=20', current: false }, { size: 50, href: '/users?size=50', current: true }], previous: '/users?before=x', next: '/users?after=y', batch: true, audience: true, query: 'level=Gold', all: '1,204'
}
const noPages: TableModel = { ...table, rows: [], batch: false, audience: false, previous: null, next: null }

const action = { label: 'Reset', href: '/users', primary: false }
const state = { heading: 'No user matches', text: 'It was ended.', points: ['Without “City is Berlin” there would be 3 users.'], actions: [{ ...action, primary: true }, action] }
const bareState = { heading: 'No user to show', text: 'There are none.', points: [], actions: [] }

const columns: ColumnsModel = {
  back: '/users', groups: [{ name: 'Attributes', count: 9, current: true, id: 'group-0' }, { name: 'Interests', count: 2, current: false, id: 'group-1' }], group: 'Attributes', search: '',
  offers: [{ ref: 'attribute:city', label: 'City', note: 'text', ticked: true, id: 'offer-attribute-city' }, { ref: 'tag:7', label: 'Likes', note: 'multi-value', ticked: false, id: 'offer-tag-7' }],
  chosen: [{ ref: 'attribute:city', label: 'City', first: true, last: false, id: 'attribute-city' }, { ref: 'tag:8', label: 'Points', first: false, last: true, id: 'tag-8' }], nothing: '', message: 'The columns changed meanwhile.'
}
const nothingChosen: ColumnsModel = { ...columns, offers: [], chosen: [], nothing: 'No attribute or tag has this in its name.', message: '' }

const channel = { ...factSamples[0]!, id: 'field-attribute-channel', ref: 'attribute:channel', label: 'Associated channel' }
const id: IdModel = { id: 'id-1-0', text: '13812345678', source: 'Shop members', column: 'mobile', encryption: 'unencrypted', since: '2026-01-05', pill: '', superseded: false, copy: '13812345678' }
const hash: IdModel = { ...id, id: 'id-1-1', text: 'a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4', encryption: 'MD5', pill: 'MD5', superseded: true, copy: '' }

const profile: ProfileModel = {
  id: '1', name: '王芳', called: '王芳', back: '/users', previous: '/users/1/step?to=previous', next: '/users/1/step?to=next', tab: 'basic', basicHref: '/users/1', identityHref: '/users/1?tab=identity', rowsHref: '/users/1/rows',
  facts: factSamples, origin: [{ label: 'Created', value: '2026-01-05 10:00' }], originFields: [channel], returnHref: '/users/1/returns', eraseHref: '/users/1/erasure', taggingHref: '/users/1/taggings/new', identity: null,
  groups: [{ name: 'Interests', id: 'tags-1', tags: tagSamples }], tagCount: 4, tagsShown: 4, search: { in: 'x', tab: 'basic', tag: '', hideEmpty: true, address: '/users/1' },
  tagsHref: '/users/1', historyHref: '/users/1?side=history', history: null, groupHref: '/users/1?side=group', groupLines: null
}
const identityTab: ProfileModel = {
  ...profile, previous: '', next: '', eraseHref: '', taggingHref: '', tab: 'identity', identity: { types: [{ name: 'Mobile', id: 'type-1', ids: [id, hash] }], belonging: '2 rows of 2 sources belong to this user.', why: 'Why these belong together' }, groups: [], tagCount: 0, tagsShown: 0,
  search: { in: null, tab: 'identity', tag: '', hideEmpty: false, address: '/users/1' }
}
const nothingKnown: ProfileModel = { ...identityTab, facts: [], identity: { types: [], belonging: '1 row of 1 source belongs to this user.', why: '' }, tagCount: 3 }
const noFacts: ProfileModel = { ...profile, facts: [] }
const line = { id: '9', when: '2026-11-21 15:30', who: 'Lin Yating', kind: 'Edit', via: '', what: 'Edit City', undone: false, undo: { href: '/history/9/undo', asks: false }, changes: [{ label: 'City', before: 'Hangzhou', after: '', policy: 'Keep' }] }
const history: ProfileModel = {
  ...profile, history: {
    lines: [line, { ...line, via: 'API', undo: { ...line.undo, asks: true }, changes: [...line.changes, { label: 'Likes', before: '', after: 'tea', policy: '' }] }, { ...line, undo: null, undone: true, changes: [] }],
    moreHref: '/users/1?side=history&before=x', later: false
  }
}
const groupLine = { id: 3, name: 'Gold in Berlin', href: '/audiences/3', facts: 'shared, 1,204 members', since: '2026-11-21 15:30', actions: [{ label: 'Members', href: '/users' }] }
const groups: ProfileModel = { ...profile, groupLines: [groupLine, { ...groupLine, id: 4, actions: [] }] }
const noGroups: ProfileModel = { ...profile, groupHref: '', groupLines: [] }
const noHistory: ProfileModel = { ...profile, history: { lines: [], moreHref: '', later: false } }
const noMoreHistory: ProfileModel = { ...profile, history: { lines: [], moreHref: '', later: true } }

const row = { name: 'Shop members M1', source: 'Shop members', key: 'M1', number: '1', created: '2026-01-05 10:00', updated: '2026-02-05 10:00', first: false, chain: [], unknown: false }
const step = { type: 'Mobile', value: '13812345678', row: 'Mini-program U1', exclude: '/settings/refused-joins/3/x/exception' }

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'users/list': [
    { form, count: { text: '', load: '/users/count?x=1', href: '/users?count=1', all: '' }, columnsHref: '/users/columns', exportHref: '/users/exports', audienceHref: '/audiences/new', distributionHref: '/users/distribution', table, state: null, hint: 'You brought in “Shop members”, but no role of yours shows anything of it.' },
    { form: { ...form, editor: null }, count: { text: '1,204 users', load: '', href: '', all: '' }, columnsHref: '', exportHref: '', audienceHref: '', distributionHref: '', table: noPages, state: null, hint: '' },
    { form: bareForm, count: { text: 'none', load: '', href: '', all: '' }, columnsHref: '', exportHref: '', audienceHref: '', distributionHref: '', table: null, state, hint: '' }
  ],
  'users/_list': [{ form, count: { text: '', load: '', href: '', all: '' }, columnsHref: '', exportHref: '', audienceHref: '', distributionHref: '', table, state: null, hint: '' }, { form, count: { text: '', load: '', href: '', all: '' }, columnsHref: '', exportHref: '', audienceHref: '', distributionHref: '', table: null, state: { ...bareState, actions: [action] }, hint: '' }],
  'users/_row': table.rows.map((one) => ({ row: one })),
  'users/_count': [{ text: '', load: '/users/count', href: '/users?count=1', all: '' }, { text: '3 of 1,204 match', load: '', href: '', all: '3' }],
  'users/nothing': [{ ...bareState, actions: [{ ...action, label: 'Import a CSV file', href: '/settings/sources', primary: true }, action] }, bareState],
  'users/columns': [columns, nothingChosen],
  'users/_columns': [columns, nothingChosen],
  'users/profile': [profile, identityTab, nothingKnown, noFacts, history, noHistory, noMoreHistory, groups, noGroups],
  'users/_history-rows': history,
  'users/_tags': [profile, identityTab, nothingKnown],
  'users/_information': [profile, identityTab],
  'users/rows': [{
    id: '1', called: '王芳', back: '/users/1?tab=identity', start: 'Shop members M1', more: 'Only the first 200 rows are shown.',
    rows: [{ ...row, first: true }, { ...row, chain: [step, { ...step, value: '', exclude: '' }] }, { ...row, unknown: true }]
  }, { id: '2', called: 'Olivia', back: '/users/2?tab=identity', start: 'Shop members M2', more: '', rows: [{ ...row, first: true }] }],
  'users/gone': { id: '3', heading: 'User 3 has no rows any more', text: 'Since 2026-11-24 10:00 no source row belongs to it.', points: ['Row 3 of Shop members was removed.'] }
}
