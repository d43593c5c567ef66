import type { Access, VisibleColumn, VisibleSource } from '../access/access.ts'
import { fieldOfAttribute, fieldOfTag, labelOfTag, type Field } from '../conditions/field.ts'

export interface IdPlace { source: VisibleSource; column: VisibleColumn }

/** One column of the file. */
export type ExportColumn =
  | { name: string; kind: 'user_id' | 'created' | 'source' }
  | { name: string; kind: 'field'; field: Field }
  | { name: string; kind: 'ids'; masked: boolean; places: IdPlace[] }

/** Something that can be ticked: its reference is 'user_id', 'created', 'source', 'attribute:city', 'id:7' or 'tag:12'. */
export interface ExportItem {
  ref: string; label: string; note: string
  /** Neither masked nor encrypted: worth having without a choice. */
  open: boolean
}

/** A kind of information with what can be chosen of it. */
export interface ExportKind { ref: string; name: string; items: ExportItem[] }

/** What an operator may export: basic information, IDs by type and source, tags by group. What they do not see is not in it. */
export function exportKinds(access: Access): ExportKind[] {
  const tags = Map.groupBy(access.tags, ({ column }) => column.tagGroupId)
  const times = Map.groupBy(access.tags, ({ column }) => labelOfTag(column))
  const inGroup = (id: number | null) => (tags.get(id) ?? []).map(({ source, column }) => {
    const label = labelOfTag(column)
    return { ref: `tag:${column.id}`, label, note: [times.get(label)!.length > 1 ? source.alias : '', column.masked ? 'masked' : ''].filter(Boolean).join(', '), open: !column.masked }
  })
  return [
    { ref: 'basic', name: 'Basic information', items: basicItems(access) },
    { ref: 'ids', name: 'IDs', items: idItems(access) },
    ...access.tagGroups.map((group) => ({ ref: `group-${group.id}`, name: `Tags: ${group.path.join(' › ')}`, items: inGroup(group.id) })),
    { ref: 'group-none', name: 'Tags: Uncategorized', items: inGroup(null) }
  ].filter((kind) => kind.items.length > 0)
}

/** Every reference that can be chosen. */
export function exportRefs(access: Access): Set<string> {
  return new Set(exportKinds(access).flatMap((kind) => kind.items.map((item) => item.ref)))
}

function basicItems(access: Access): ExportItem[] {
  return [
    ...(['user_id', 'created', 'source'] as const).map((ref) => ({ ref, label: basicNames[ref], note: '', open: true })),
    ...access.attributes.map((attribute) => ({ ref: `attribute:${attribute.code}`, label: attribute.name, note: attribute.masked ? 'masked' : '', open: !attribute.masked }))
  ]
}

function idItems(access: Access): ExportItem[] {
  const places = idPlaces(access)
  return places.map(({ source, column }) => {
    const several = places.filter((other) => other.source === source && other.column.idType === column.idType).length > 1
    return { ref: `id:${column.id}`, label: `${column.idType} · ${source.alias}${several ? ` · ${column.name}` : ''}`, note: isOpen(column) ? '' : protectionOf(column).replace('MASKED', 'masked'), open: isOpen(column) }
  })
}

/** ID columns by the priority of their type, then by source. */
function idPlaces(access: Access): IdPlace[] {
  const rank = new Map(access.idTypes.map((type, index) => [type.code, index]))
  const places = access.sources.flatMap((source) => source.columns.filter((column) => column.kind === 'id' && column.idType !== null).map((column) => ({ source, column })))
  return places.toSorted((a, b) => (rank.get(a.column.idType!) ?? 0) - (rank.get(b.column.idType!) ?? 0))
}

/** What stands in brackets behind an ID type: how its values come, or that they are masked. */
function protectionOf(column: VisibleColumn): string {
  return column.masked ? 'MASKED' : (column.encryption ?? 'unencrypted').toUpperCase()
}

function isOpen(column: VisibleColumn): boolean {
  return protectionOf(column) === 'UNENCRYPTED'
}

/** The columns of the file for what was chosen, in the order in which it is offered; what this operator does not see is left out. */
export function exportColumns(access: Access, chosen: readonly string[]): ExportColumn[] {
  const wanted = new Set(chosen)
  const fields = access.attributes.map(fieldOfAttribute).filter((field) => wanted.has(field.ref))
  return [
    ...(['user_id', 'created', 'source'] as const).filter((kind) => wanted.has(kind)).map((kind) => ({ kind, name: basicNames[kind] })),
    ...fields.map((field) => ({ kind: 'field' as const, name: field.label, field })),
    ...idColumns(idPlaces(access).filter(({ column }) => wanted.has(`id:${column.id}`))),
    ...tagColumns(access, wanted)
  ]
}

const basicNames = { user_id: 'User ID', created: 'Created', source: 'Source' }

/** One column for each type and encryption, whatever sources it comes from. */
function idColumns(places: IdPlace[]): ExportColumn[] {
  const groups = Map.groupBy(places, ({ column }) => `${column.idType}(${protectionOf(column)})`)
  return [...groups].map(([name, own]) => ({ kind: 'ids' as const, name, masked: own[0]!.column.masked, places: own }))
}

/** By the groups they are filed in. Tags of one name carry their source in brackets, and their column where that is not enough. */
function tagColumns(access: Access, wanted: ReadonlySet<string>): ExportColumn[] {
  const rank = new Map(access.tagGroups.map((group, index) => [group.id as number | null, index]))
  const place = (groupId: number | null) => rank.get(groupId) ?? rank.size
  const tags = access.tags.filter(({ column }) => wanted.has(`tag:${column.id}`)).toSorted((a, b) => place(a.column.tagGroupId) - place(b.column.tagGroupId))
  const names = tags.map(({ column }) => labelOfTag(column))
  const apart = tags.map(({ source }, index) => (isTwice(names, index) ? `${names[index]} (${source.alias})` : names[index]!))
  return tags.map((tag, index) => ({ kind: 'field' as const, name: isTwice(apart, index) ? `${names[index]} (${tag.source.alias}, ${tag.column.name})` : apart[index]!, field: fieldOfTag(tag) }))
}

function isTwice(names: readonly string[], index: number): boolean {
  return names.indexOf(names[index]!) !== index || names.lastIndexOf(names[index]!) !== index
}
