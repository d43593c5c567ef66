import type { Access } from '../access/access.ts'
import { findField, labelOfTag, type Field } from '../conditions/field.ts'
import { isSortable } from './user-query.ts'

export type ColumnKind = 'name' | 'mobile' | 'created' | 'source' | 'user_id' | 'field'

/** A column of the list as one operator sees it. */
export interface ListColumn { ref: string; kind: ColumnKind; label: string; field?: Field; sortBy: string | null; numeric: boolean }

export const mobileType = 'MOBILE'
const levelRef = 'attribute:member_level'
const nameRef = 'attribute:name'

/** Columns that the list always has; Column Display offers the others. */
export const fixedRefs: readonly string[] = [nameRef, levelRef]

/** The columns of the list: the fixed ones that may be seen, then those of Column Display in its order. */
export function listColumns(access: Access, display: readonly string[]): ListColumn[] {
  const name = fieldColumn(access, nameRef)
  const level = fieldColumn(access, levelRef)
  return [
    name ? { ...name, kind: 'name' } : { ref: nameRef, kind: 'name', label: 'User', sortBy: 'user_id', numeric: false },
    ...(hasMobile(access) ? [{ ref: 'mobile', kind: 'mobile' as const, label: 'Mobile', sortBy: null, numeric: false }] : []),
    { ref: 'created', kind: 'created', label: 'Created', sortBy: 'created', numeric: false },
    { ref: 'source', kind: 'source', label: 'Source', sortBy: 'source', numeric: false },
    ...(level ? [level] : []),
    ...display.filter((ref) => !fixedRefs.includes(ref)).flatMap((ref) => displayColumn(access, ref) ?? [])
  ]
}

/** What a reference of Column Display stands for, if it may be seen. */
export function displayColumn(access: Access, ref: string): ListColumn | undefined {
  if (ref === 'user_id') return { ref, kind: 'user_id', label: 'User ID', sortBy: 'user_id', numeric: false }
  return ref.startsWith('attribute:') || ref.startsWith('tag:') ? fieldColumn(access, ref) : undefined
}

function fieldColumn(access: Access, ref: string): ListColumn | undefined {
  const field = findField(access, ref)
  if (!field) return undefined
  return { ref, kind: 'field', label: field.label, field, sortBy: isSortable(access, ref) ? ref : null, numeric: field.type === 'number' }
}

function hasMobile(access: Access): boolean {
  return access.sources.some((source) => source.columns.some((column) => column.kind === 'id' && column.idType === mobileType))
}

export interface ColumnGroup { name: string; columns: { ref: string; label: string; note: string }[] }

/** What Column Display offers: attributes first, then tags by the groups they are filed in. */
export function offeredColumns(access: Access): ColumnGroup[] {
  const attributes = access.attributes.map((attribute) => ({ ref: `attribute:${attribute.code}`, label: attribute.name, note: attribute.type })).filter(({ ref }) => !fixedRefs.includes(ref))
  const byGroup = Map.groupBy(access.tags, ({ column }) => column.tagGroupId)
  const inGroup = (id: number | null) => (byGroup.get(id) ?? []).map(({ source, column }) => ({ ref: `tag:${column.id}`, label: labelOfTag(column), note: source.alias }))
  return [
    { name: 'Attributes', columns: [{ ref: 'user_id', label: 'User ID', note: '' }, ...attributes] },
    ...access.tagGroups.map((group) => ({ name: group.path.join(' › '), columns: inGroup(group.id) })),
    { name: 'Uncategorized', columns: inGroup(null) }
  ].filter((group) => group.columns.length > 0)
}
