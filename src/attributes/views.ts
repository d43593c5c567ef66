import type { Access } from '../access/access.ts'
import type { Attribute } from '../catalog/catalog.ts'
import { coverageOf, type Coverage } from '../coverage.ts'
import { formFields, sampleFields, type FormField } from '../form.ts'
import { formatCount, formatTime } from '../format.ts'
import type { Samples } from '../http/views.ts'
import type { FieldMessages } from '../problem.ts'
import { orderedSources, ruleLabels, typeLabels } from './attribute.ts'
import type { AttributeInput } from './forms.ts'
import type { AttributeStatistics } from './queries.ts'

export interface AttributeRow { href: string; name: string; code: string; type: string; rule: string; sources: string; preset: boolean; label: string; coverage: Coverage | null }
export interface AttributesModel { facts: string; rows: AttributeRow[] }

export interface AttributeModel {
  heading: string; facts: string; action: string; submit: string; fields: FormField[]
  /** Sources in order, for the rule that follows it; `order` is carried by the form. */
  order: string; sources: { id: number; place: number; alias: string; column: string; first: boolean; last: boolean }[]
  deletion: { action: string; allowed: boolean; text: string } | null
}

declare module '../http/views.ts' {
  interface Views {
    'attributes/list': AttributesModel
    'attributes/attribute': AttributeModel
  }
}

export interface Feed { id: number; alias: string; column: string }

/** The visible columns that feed an attribute. */
export function feedsOf(access: Access, code: string): Feed[] {
  return access.sources.flatMap((source) => source.columns.filter((column) => column.kind === 'attribute' && column.attribute === code).map((column) => ({ id: source.id, alias: source.alias, column: column.name })))
}

export function attributesModel(access: Access, statistics: Map<string, AttributeStatistics>, timeZone: string): AttributesModel {
  const counted = [...statistics.values()].map((one) => one.computedAt.getTime())
  return {
    facts: [formatCount(access.attributes.length, 'attribute'), counted.length ? `counted ${formatTime(new Date(Math.max(...counted)), timeZone)}` : ''].filter(Boolean).join(', '),
    rows: access.attributes.map((attribute) => ({
      href: `/settings/attributes/${attribute.id}`, name: attribute.name, code: attribute.code, type: typeLabels[attribute.type], rule: ruleLabels[attribute.rule], preset: attribute.preset,
      sources: [...new Set(feedsOf(access, attribute.code).map((feed) => feed.alias))].join(', '), label: `Coverage of ${attribute.name}`,
      coverage: access.everyUser ? coverageOf(statistics.get(attribute.column)?.users, access.userCount) : null
    }))
  }
}

const typeOptions = Object.entries(typeLabels).map(([value, label]) => ({ value, label }))
const ruleOptions = Object.entries(ruleLabels).map(([value, label]) => ({ value, label }))

export function attributeModel(attribute: Attribute | undefined, input: AttributeInput, feeds: Feed[], messages: FieldMessages = {}): AttributeModel {
  const ordered = orderedSources([...new Map(feeds.map((feed) => [feed.id, feed])).values()], input.order)
  return {
    heading: attribute ? attribute.name : 'New attribute', action: attribute ? `/settings/attributes/${attribute.id}` : '/settings/attributes', submit: attribute ? 'Save' : 'Add the attribute',
    facts: attribute ? `${attribute.preset ? 'preset' : 'own attribute'}, ${feeds.length ? `fed by ${feeds.map((feed) => `${feed.alias} (${feed.column})`).join(', ')}` : 'fed by no source'}` : '',
    fields: formFields(drafts(attribute, input), messages),
    order: ordered.map((source) => source.id).join(','),
    sources: ordered.map((source, index) => ({ ...source, place: index + 1, first: index === 0, last: index === ordered.length - 1 })),
    deletion: attribute && !attribute.preset ? {
      action: `/settings/attributes/${attribute.id}/deletion`, allowed: feeds.length === 0,
      text: feeds.length ? 'It cannot be deleted while a column feeds it.' : 'No column feeds this attribute, so nothing but the attribute goes.'
    } : null
  }
}

function drafts(attribute: Attribute | undefined, input: AttributeInput) {
  const fixed = attribute !== undefined
  return [
    { id: 'name', label: 'Name', value: input.name },
    { id: 'code', label: 'Code', value: input.code, disabled: fixed, help: fixed ? 'A code cannot be changed: files and columns name it.' : 'Letters a-z, digits and _. It cannot be changed later.' },
    { id: 'type', label: 'Type', control: 'select' as const, value: input.type, options: typeOptions, disabled: fixed },
    ...(fixed && attribute.type !== 'choice' ? [] : [{ id: 'choices', label: 'Choices', control: 'textarea' as const, value: input.choices, disabled: fixed, help: fixed ? '' : 'Only for the type choice. One in a line.' }]),
    { id: 'rule', label: 'Where several sources know it', control: 'select' as const, value: input.rule, options: ruleOptions, help: 'An empty value never wins. What a person set by hand always shows.' },
    { id: 'description', label: 'Description', control: 'textarea' as const, value: input.description },
    { id: 'filterIndex', label: 'Quick filter', control: 'switch' as const, checked: input.filterIndex, value: 'Keep an index', help: 'Filters and sorts of large lists answer at once; each import takes a little longer.' }
  ]
}

const row: AttributeRow = { href: '/settings/attributes/1', name: 'Name', code: 'name', type: 'text', rule: 'latest update', sources: 'Shop members', preset: false, label: 'Coverage of Name', coverage: { users: '12', percent: '50%', value: 50 } }
const attribute: AttributeModel = {
  heading: 'Shoe size', facts: 'own attribute', action: '/settings/attributes/12', submit: 'Save', fields: sampleFields, order: '1,2',
  sources: [{ id: 1, place: 1, alias: 'Shop members', column: 'shoe', first: true, last: false }, { id: 2, place: 2, alias: 'Web shop', column: 'size', first: false, last: true }], deletion: { action: '/settings/attributes/12/deletion', allowed: true, text: 'Nothing but the attribute goes.' }
}

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'attributes/list': { facts: '9 attributes', rows: [row, { ...row, preset: true, sources: '', coverage: null }] },
  'attributes/attribute': [attribute, { ...attribute, sources: [], deletion: { action: '/settings/attributes/12/deletion', allowed: false, text: 'A column feeds it.' } }, { ...attribute, deletion: null }]
}
