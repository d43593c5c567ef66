import type { Samples } from '../../http/views.ts'
import type { RemovalModel, SourcesModel, UploadModel } from '../views.ts'
import type { CheckModel } from './check.ts'
import type { ColumnsForm, ColumnsModel } from './columns-page.ts'
import type { ColumnRow, Control } from './columns.ts'
import { formatFields } from './file-format.ts'
import type { PreviewModel } from './preview.ts'
import type { TablesModel } from './tables.ts'
import type { StructureModel, StructureRow } from './structure.ts'

const sources: SourcesModel = {
  facts: '3 sources, 1,204 rows', pollUrl: '/settings/sources', newUrl: '/settings/sources/new',
  sources: [
    { href: '/settings/sources/1', alias: 'Shop members', rows: '1,204', users: '1,200', run: { href: '/settings/imports/7', label: 'Run 7', state: { text: 'done', tone: 'good' }, at: '2026-11-24 10:00' }, note: '', importUrl: '/settings/sources/1/import' },
    { href: '/settings/sources/4/structure', alias: 'Stores', rows: '7', users: '7', run: { href: '', label: 'Run 5', state: { text: 'done', tone: 'good' }, at: '2026-11-24 10:00' }, note: '', importUrl: '' },
    { href: '/settings/sources/2', alias: 'Web shop', rows: '–', users: '–', run: { href: '/settings/imports/8', label: 'Run 8', state: { text: 'waiting', tone: '' }, at: '2026-11-24 10:00' }, note: 'structure changed', importUrl: '/settings/sources/2/import' },
    { href: '/settings/sources/3', alias: 'Survey', rows: '–', users: '–', run: null, note: 'being removed', importUrl: '' }
  ]
}
const noSources: SourcesModel = { facts: '', sources: [], pollUrl: '', newUrl: '/settings/sources/new' }

const upload: UploadModel = { heading: 'Import a file', facts: 'It becomes a new source.', action: '/settings/sources/uploads', backUrl: '/settings/sources', problem: '', known: false, connections: [{ href: '/settings/sources/from/1', name: 'CRM' }] }
const removal: RemovalModel = { alias: 'Survey', action: '/settings/sources/3/removal', backUrl: '/settings/sources/3', typed: '', error: '', figures: [{ label: 'rows', value: '1,204' }], notes: ['Its rows are removed for good.'] }

const choices = [{ value: 'a', label: 'A' }, { value: 'b', label: 'B' }]
const format = formatFields({ encoding: 'utf-8', delimiter: ',', header: true })
const headless = { ...format, header: false }

const cell = { text: 'M1', whole: '', pills: [], empty: false, style: '', why: '' }
const preview: PreviewModel = {
  about: '2 of about 1,200', heads: [{ label: 'OneID', number: false }, { label: 'Points', number: true }, { label: 'Likes', number: false }],
  rows: [
    { line: 2, wrong: '', cells: [cell, { ...cell, text: '12', style: 'cell-number' }, { ...cell, text: 'tea|hiking', pills: ['tea', 'hiking'] }] },
    { line: 3, wrong: 'has no key', cells: [{ ...cell, text: '', empty: true }, { ...cell, text: 'twelve', why: 'is not a number', style: 'cell-number is-wrong' }, { ...cell, text: 'a very long text that is cut', whole: 'a very long text that is cut off here' }] }
  ],
  notes: ['Line 3 would be rejected: it has no key.'], rejects: true
}
const noPreview: PreviewModel = { about: '', heads: [], rows: [], notes: [], rejects: false }

const check: CheckModel = {
  alias: 'Shop members', fileName: 'members.csv', facts: '12 kB, 1,204 rows, 8 columns', importUrl: '/settings/sources/uploads/x/import', previewUrl: '/settings/sources/uploads/x/preview', discardUrl: '/settings/sources/uploads/x/discard',
  format, notices: [{ tone: 'warn', text: 'New in this file: “shoe”.' }], blocked: false,
  whole: { shown: true, checked: true, help: 'Rows that are not in the file are removed.', removals: '3', said: '3 rows would be removed.' }, submit: 'Import and remove 3 rows', preview
}
const blockedCheck: CheckModel = { ...check, format: headless, notices: [{ tone: 'bad', text: 'The file has no column “no”.' }], blocked: true, whole: { ...check.whole, shown: false }, preview: noPreview }

/** A row of the form; every control has its number in its name, as on the page. */
function rowOf(index: number, error = ''): ColumnRow {
  const control = (field: string, more: Partial<Control> = {}): Control => ({ id: `${field}${index}`, name: `${field}${index}`, label: `column ${index}: ${field}`, short: field, value: 'a', options: [], list: '', size: '', error: '', disabled: false, ...more })
  return {
    id: `column-${index}`, name: `column ${index}`, note: '', past: false, kind: control('k', { options: choices, disabled: index === 0 }),
    cells: [[control('t', { options: choices, error }), control('d', { size: 'short' })], [control('n', { error })], [control('g', { list: 'tag-groups' })]],
    more: [control('e', { size: 'wide', error })], moreId: `more-${index}`, moreOpen: error !== '', sample: 'tea, hiking', sampleWhole: 'tea, hiking, camping'
  }
}
const ignored: ColumnRow = { ...rowOf(2), note: 'update time', past: true, cells: [[], [], []], more: [] }
const rows = [rowOf(0), rowOf(1, 'Choose one.'), ignored]

const form: ColumnsForm = {
  importUrl: '/settings/sources/uploads/x/import', previewUrl: '/settings/sources/uploads/x/preview', discardUrl: '/settings/sources/uploads/x/discard', namesMark: '3-a', notices: [{ tone: 'warn', text: 'Two columns have the same name.' }],
  alias: { value: 'Shop members', error: '' }, key: { value: 'a', error: '', options: choices }, keyIdType: 'OneID', updateTime: { value: 'b', error: '', options: choices },
  format, rows, groups: ['Interests > Outdoor'], timeZones: ['UTC'], summary: '1 ID, 2 tags', error: ''
}
const columns: ColumnsModel = { fileName: 'members.csv', backUrl: '/settings/sources', begins: 'Upload', facts: '12 kB, about 1,200 rows, 3 columns', form, preview, changedRows: [rows[1]!] }
const wrongColumns: ColumnsModel = {
  ...columns, preview: noPreview, changedRows: [],
  form: { ...form, format: headless, notices: [], alias: { value: '', error: 'Give the source a name.' }, key: { ...form.key, error: 'Choose the column that names a row.' }, keyIdType: '', updateTime: { ...form.updateTime, error: 'It is no time.' }, error: 'Two columns need a look' }
}
const plainKey: ColumnsModel = { ...columns, begins: 'Table', form: { ...form, keyIdType: '', format: null } }
const tables: TablesModel = {
  heading: 'New source from a table', facts: 'CRM, crm at db.example.com', backUrl: '/settings/connections/1', action: '/settings/sources/from/1', search: 'crm', empty: '', more: 'The first 2 are shown.', problem: '“reader” may not read crm.members.', grants: ['GRANT SELECT ON "crm"."members" TO "reader";'],
  tables: [{ name: 'crm.members', schema: 'crm', table: 'members', kind: 'table', rows: 'about 1,200', note: '', source: null }, { name: 'crm.stores', schema: 'crm', table: 'stores', kind: 'view', rows: '–', note: 'no right to read yet', source: { href: '/settings/sources/4', alias: 'Stores' } }]
}

const structureRows: StructureRow[] = [{ ...rowOf(0), waits: false, filter: null }, { ...rowOf(1, 'Choose one.'), waits: true, filter: { name: 'q1', checked: true } }, { ...ignored, waits: false, filter: { name: 'q2', checked: false } }]
const structure: StructureModel = {
  alias: 'Shop members', title: 'Shop members', action: '/settings/sources/1/structure', refreshUrl: '/settings/sources/1/structure/rows', backUrl: '/settings/sources/1', keyFacts: 'no, OneID', waits: true, aliasError: 'Another source has this name.', error: 'One column needs a look',
  rows: structureRows, changedRows: structureRows.slice(1, 2), groups: ['Interests'], timeZones: ['UTC'], summary: '1 ID, 2 tags'
}

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'sources/list': [sources, noSources], 'sources/_list': [sources, noSources],
  'sources/upload': [upload, { ...upload, known: true, problem: 'This is no CSV file.' }],
  'sources/tables': [tables, { ...tables, grants: [] }, { ...tables, tables: [], problem: '', empty: 'It holds no table.', more: '' }],
  'sources/removal': [removal, { ...removal, typed: 'survey', error: 'This is not its name.' }],
  'sources/check': [check, blockedCheck], 'sources/_check-changed': [check, blockedCheck],
  'sources/columns': [columns, wrongColumns, plainKey], 'sources/_columns-changed': columns, 'sources/_preview-changed': [columns, wrongColumns],
  'sources/structure': [structure, { ...structure, waits: false, aliasError: '', error: '' }], 'sources/_structure-changed': structure
}
