import { formFields } from '../form.ts'
import type { Views } from '../http/views.ts'
import type {} from './views/id-types.ts'
import type {} from './views/refused-joins.ts'

const value = { type: 'Mobile', value: '13800138000', encryption: 'MD5' }

/** A model for each view, to render it alone. */
export const samples: Partial<Views> = {
  'identities/id-types': {
    facts: '17 of 50 types', full: false, rows: [{ href: '/settings/id-types/1', priority: '1', name: 'OneID', code: 'ONEID', values: 'one per user', enabled: true, mapping: true, preset: false, sources: 'Shop members' }],
    mapping: { fields: formFields([{ id: 'placeholders', label: 'Placeholders', control: 'textarea', value: 'null' }], { placeholders: 'Too many.' }), facts: 'Listed.' }, aes: { set: true, text: 'An AES key is set.' },
    busy: { text: 'A change is being applied.', href: '/settings/jobs/1' }
  },
  'identities/id-type': {
    heading: 'Device token', facts: 'own type', action: '/settings/id-types/18', submit: 'Save', swap: 'Exchange priorities with OneID',
    fields: formFields([{ id: 'name', label: 'Name', value: 'Device token' }, { id: 'single', label: 'Values', control: 'select', options: [{ value: 'single', label: 'one' }], value: 'single' }, { id: 'enabled', label: 'Enabled', control: 'switch', help: 'Help.' }]),
    deletion: { action: '/settings/id-types/18/deletion', allowed: true, text: 'Nothing but the type goes.' }
  },
  'identities/confirm': {
    heading: 'Change ID mapping', changes: [{ name: 'Mobile, priority', before: '3', after: '4' }], figures: [{ label: 'users joined', value: '3' }], text: '3 users would be joined.',
    action: '/settings/id-types/3', hidden: [{ name: 'confirmed', value: 'x' }], submit: 'Apply', backUrl: '/settings/id-types', problem: 'The settings changed.'
  },
  'identities/refused-joins': {
    facts: 'Values that could join users but do not', tabs: [{ label: 'All', href: '/settings/refused-joins', current: true, count: '1' }],
    rows: [{ ...value, href: '/settings/refused-joins/3/x', reason: 'Shared value', rows: '24', conflict: 'OneID', since: '2026-11-24 10:00' }], firstUrl: '/settings/refused-joins', nextUrl: '/settings/refused-joins?after=x', empty: ''
  },
  'identities/refused-join': {
    ...value, heading: 'Mobile 13800138000', why: 'It stands in too many rows.', facts: [{ label: 'Rows', value: '24' }], conflict: 'OneID', firstUrl: '', nextUrl: '/settings/refused-joins/3/x?after=9', backUrl: '/settings/refused-joins',
    rows: [{ source: 'Shop members', sourceKey: 'M1', value: '13800138000', user: '王芳', userUrl: '/users/1', held: 'M1' }]
  }
}
