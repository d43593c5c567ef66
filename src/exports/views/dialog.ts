import type { Access } from '../../access/access.ts'
import { formatCount } from '../../format.ts'
import type { Samples } from '../../http/views.ts'
import { exportColumns, type ExportKind } from '../column.ts'
import type { ExportInput } from '../forms.ts'

export interface KindModel {
  ref: string; id: string; name: string; on: boolean; count: string
  items: { ref: string; id: string; label: string; note: string; ticked: boolean }[]
  /** Chosen, but hidden by the search. */
  kept: string[]
}

export interface DialogModel {
  whom: string; back: string; search: string; nothing: string
  kinds: KindModel[]
  /** Chosen in kinds of which the search shows nothing. */
  kept: string[]
  /** The kind that was changed, where only it is asked for. */
  changed: KindModel | null
  bom: boolean; guard: boolean; foot: string; message: string
  /** The dialog opens: the cursor stands in the search. */
  begins: boolean
}

declare module '../../http/views.ts' {
  interface Views {
    'exports/dialog': DialogModel
    'exports/_dialog': DialogModel
    'exports/_kinds': DialogModel
    'exports/_changed': DialogModel
  }
}

export interface DialogOptions { whom: string; back: string; message: string; begins: boolean; changed: string }

export function dialogModel(access: Access, kinds: readonly ExportKind[], input: ExportInput, options: DialogOptions): DialogModel {
  const wanted = input.search.toLowerCase()
  const all = kinds.map((kind) => kindModel(kind, input, wanted))
  const columns = exportColumns(access, input.items).length
  return {
    ...options, search: input.search, bom: input.bom, guard: input.guard,
    kinds: all.filter((kind) => kind.items.length > 0), kept: all.filter((kind) => kind.items.length === 0).flatMap((kind) => kind.kept),
    changed: all.find((kind) => kind.id === options.changed) ?? null,
    nothing: all.some((kind) => kind.items.length > 0) ? '' : 'Nothing that you may export has this in its name.',
    foot: `${formatCount(columns, 'column')}, one ZIP holding one CSV`
  }
}

function kindModel(kind: ExportKind, input: ExportInput, wanted: string): KindModel {
  const shown = kind.items.filter((item) => `${item.label} ${item.note}`.toLowerCase().includes(wanted))
  const ticked = kind.items.filter(({ ref }) => input.items.includes(ref))
  return {
    ref: kind.ref, id: `kind-${kind.ref}`, name: kind.name, on: ticked.length > 0, count: `${ticked.length} of ${kind.items.length}`,
    items: shown.map(({ ref, label, note }) => ({ ref, id: `item-${ref.replace(':', '-')}`, label, note, ticked: input.items.includes(ref) })),
    kept: ticked.filter((item) => !shown.includes(item)).map(({ ref }) => ref)
  }
}

const kind: KindModel = {
  ref: 'basic', id: 'kind-basic', name: 'Basic information', on: true, count: '2 of 3', kept: ['attribute:city'],
  items: [{ ref: 'user_id', id: 'item-user_id', label: 'User ID', note: '', ticked: true }, { ref: 'attribute:name', id: 'item-attribute-name', label: 'Name', note: 'masked', ticked: false }]
}
const dialog: DialogModel = {
  whom: 'The result of this query: 3 users. City is Berlin.', back: '/users', search: 'na', nothing: '', kinds: [kind, { ...kind, ref: 'ids', id: 'kind-ids', name: 'IDs', on: false, items: [], kept: [] }], kept: ['tag:7'], changed: kind,
  bom: true, guard: true, foot: '2 columns, one ZIP holding one CSV', message: '', begins: true
}

/** Models for each view, to render it alone. */
export const samples: Samples = {
  'exports/dialog': [dialog, { ...dialog, kinds: [], kept: [], nothing: 'Nothing.', bom: false, guard: false, message: 'Choose something.', begins: false }],
  'exports/_dialog': [dialog, { ...dialog, message: 'Choose something.' }], 'exports/_kinds': dialog, 'exports/_changed': [dialog, { ...dialog, changed: null }]
}
