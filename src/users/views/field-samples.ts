import type { Notice } from '../../http/shell.ts'
import type { Samples } from '../../http/views.ts'
import type { ControlModel } from './control.ts'
import type { EditField, EditModel } from './edit.ts'
import type { FieldModel, InlineEditorModel } from './field.ts'
import type { OverrideModel } from './override.ts'

const fact = (label: string, text: string) => ({ label, strong: '', text, href: '', link: '' })
const override: OverrideModel = {
  moved: false, about: 'Likes', note: '', returnable: false,
  facts: [{ label: 'Source value', strong: 'tea', text: ', Shop members, ', href: '', link: 'import of 2026-11-19' }, fact('Set by', 'Lin Yating')]
}
const moved: OverrideModel = {
  ...override, moved: true, about: 'Likes, source has changed since', note: 'The source has changed since: tea → golf.', returnable: true,
  facts: [{ label: 'Source value', strong: 'golf', text: ', Shop members, ', href: '/settings/imports/7', link: 'import of 2026-11-19' }]
}

const base = { spoken: 'x', description: '', source: '', pills: [], long: false, href: '/users/1/fields/x', returnHref: '/users/1/returns', override: null, editor: null, autofocus: false }
const name: FieldModel = { ...base, id: 'field-attribute-name', ref: 'attribute:name', label: 'Name', kind: 'fact', text: '王芳' }
const city: FieldModel = { ...base, id: 'field-attribute-city', ref: 'attribute:city', label: 'City', kind: 'fact', text: '', href: '', override: moved }
const language: FieldModel = { ...base, id: 'field-tag-1', ref: 'tag:1', label: 'Language', kind: 'tag', text: 'English', source: 'Shop members', href: '' }
const likes: FieldModel = { ...language, id: 'field-tag-3', ref: 'tag:3', label: 'Likes', description: 'What people like', text: 'tea, hiking', pills: ['tea', 'hiking'], href: base.href, override, autofocus: true }
const note: FieldModel = { ...language, id: 'field-tag-4', ref: 'tag:4', label: 'Note', text: 'Please leave parcels with the concierge of building 3, phone first', long: true }

/** Values of a user: facts and tags, to be edited or not, set by hand or not, long or empty. */
export const factSamples: FieldModel[] = [name, city]
export const tagSamples: FieldModel[] = [language, likes, note, { ...note, id: 'field-tag-5', href: base.href }]

const control: ControlModel = { id: 'field-attribute-name-value', name: 'value', value: 'Ann', control: 'text', inputmode: 'decimal', step: '1', options: [], offers: ['Ann', '"quoted"'], note: 'field-attribute-name-note', wrong: true, autofocus: true }
const bare: ControlModel = { ...control, inputmode: '', step: '', offers: [], note: '', wrong: false, autofocus: false }
const choices = [{ value: '', label: '–', chosen: false }, { value: 'female', label: 'Female', chosen: true }]
/** Every control of an editor, right and wrong. */
export const controlSamples: ControlModel[] = [control, bare, { ...control, control: 'textarea' }, { ...bare, control: 'textarea' }, { ...control, control: 'select', options: choices }, { ...bare, control: 'select', options: choices }]

const editor: InlineEditorModel = { control: bare, version: 'v', was: 'An', help: 'Enter saves.', error: '', conflict: '', unsaved: false, cancel: '/users/1', in: null }
const open = (more: Partial<InlineEditorModel>): FieldModel => ({ ...name, editor: { ...editor, control: { ...bare, note: 'field-attribute-name-note' }, ...more } })
const notice: Notice = { tone: 'good', text: 'Name set for Ann.', undo: '7' }

const answers = [
  { field: open({}), name: 'Ann', called: '', notice: null }, { field: open({ error: 'Too long.', unsaved: true, in: 'size=20' }), name: 'Ann', called: '', notice: null },
  { field: open({ conflict: 'Zhao Min set this.', unsaved: true }), name: 'Ann', called: '', notice: null }
]

const field: EditField = { label: 'Name', name: 'name', control: { ...bare, id: 'edit-name', name: 'value-name', note: 'edit-name-help' }, was: 'An', version: 'v', help: 'Set by hand on 2026-11-23.', error: '', theirs: false }
const edits: EditModel[] = [
  { id: '1', called: '王芳', back: '/users', choosing: false, fields: [field, { ...field, help: '', control: { ...bare, id: 'edit-city', name: 'value-city' }, name: 'city' }] },
  { id: '1', called: '王芳', back: '/users', choosing: true, fields: [{ ...field, control: { ...control, id: 'edit-name', name: 'value-name', note: 'edit-name-error' }, error: 'Zhao Min changed this.', theirs: true }] },
  { id: '1', called: '王芳', back: '/users', choosing: false, fields: [] }
]

/** Models for each view of single values, to render it alone. */
export const samples: Samples = {
  'users/edit': edits,
  'users/_edit': edits,
  'users/_edited': [{ notice }, { notice: null }],
  'users/field': answers,
  'users/_field-answer': [...answers, { field: name, name: 'Ann', called: 'Ann', notice }, ...controlSamples.map((one) => ({ field: open({ control: one }), name: 'Ann', called: '', notice: null }))]
}
