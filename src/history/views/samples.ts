import type { Samples } from '../../http/views.ts'
import type { EntryLine } from '../lines.ts'
import type { EntryModel } from './entry.ts'
import type { KeepingModel } from './keeping.ts'
import type { FilterField, ListModel } from './list.ts'
import type { UndoModel } from './undo.ts'

const line: EntryLine = { id: '9', when: '2026-11-21 15:30', who: 'Zhao Min', kind: 'Batch tag', via: '', what: 'Batch tag Likes, 1,284 users', changes: [], undo: { href: '/history/9/undo', asks: true }, undone: false }
const edit: EntryLine = { ...line, id: '10', kind: 'Edit', via: 'API', what: 'Edit City', undo: { href: '/history/10/undo', asks: false } }
const undone: EntryLine = { ...line, id: '11', undo: null, undone: true }

const field: FilterField = { name: 'kind', label: 'Kind', type: 'select', value: 'edit', options: [{ value: '', label: 'Any' }, { value: 'edit', label: 'Edit' }], error: '' }
const list: ListModel = {
  kept: 'Kept for 1 year', filtered: true, fields: [field, { ...field, name: 'operator', error: 'There is no such operator.' }, { ...field, name: 'user', type: 'number', value: 'x', error: 'Type a user ID.' }, { ...field, name: 'from', type: 'date', value: '2026-11-23' }],
  rows: [line, edit, undone].map((one) => ({ ...one, entryUrl: `/settings/history/${one.id}` })), empty: '', firstUrl: '/settings/history', nextUrl: '/settings/history?before=x', downloadUrl: '/settings/history/download.csv?kind=edit'
}
const emptyList: ListModel = { ...list, filtered: false, rows: [], empty: 'No entry fits this filter.', firstUrl: '', nextUrl: '', downloadUrl: '' }

const change = { label: 'Likes', before: 'tea', after: '', policy: 'Keep' }
const entry: EntryModel = {
  heading: line.what, line, facts: [{ label: 'When', text: line.when, url: '' }, { label: 'Job', text: 'Job 7', url: '/settings/jobs/7' }], withUsers: true, empty: '', firstUrl: '/settings/history/9', nextUrl: '/settings/history/9?after=d7',
  items: [{ user: '41027733', userUrl: '/users/41027733', label: 'Likes', changes: [change] }, { user: '', userUrl: '', label: 'Likes', changes: [{ ...change, before: '', after: 'golf' }] }, { user: '7', userUrl: '', label: 'Likes', changes: [change] }]
}
const settings: EntryModel = { ...entry, line: edit, withUsers: false, firstUrl: '', nextUrl: '' }
const bare: EntryModel = { ...settings, line: undone, items: [], empty: 'This entry has no single changes to show.' }

const keeping: KeepingModel = { options: [{ value: '', label: 'For ever' }, { value: '365', label: '1 year' }], chosen: '365', now: 'Kept for ever', goes: null }

const undo: UndoModel = {
  heading: 'Take back', what: 'Batch tag Likes, 1,284 users', facts: '2026-11-21 15:30, Zhao Min', figures: [{ label: 'users concerned', value: '1,284' }], text: 'Each value becomes again what it was before.',
  button: 'Put back 1,284 values', action: '/history/9/undo', backUrl: '/users'
}

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'history/list': [list, emptyList],
  'history/entry': [entry, settings, bare],
  'history/keeping': [keeping, { ...keeping, goes: { text: '12 entries are older than 1 year.', days: '365', words: '1 year' } }],
  'history/undo': [undo, { ...undo, button: '' }]
}
