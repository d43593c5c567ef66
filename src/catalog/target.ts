import type { Attribute, Catalog, CatalogColumn, CatalogSource } from './catalog.ts'

/** What a decision is about: a tag of a source, or an attribute. */
export type Target = { source: CatalogSource; column: CatalogColumn; attribute: null } | { source: null; column: null; attribute: Attribute }

/** Fields of one source, or attributes where the source is null, that decisions are asked for. */
export interface DecidedFields { sourceId: number | null; fields: readonly { id: number; type: string }[] }

/** A value as it is kept: text, the several values of a multi-value tag, or null for empty. Numbers and times are texts. */
export type Stored = string | string[] | null

export function tagTarget(catalog: Pick<Catalog, 'sources'>, columnId: number): Target | undefined {
  for (const source of catalog.sources) {
    const column = source.columns.find((candidate) => candidate.id === columnId && candidate.kind === 'tag')
    if (column && source.valuesTable !== null) return { source, column, attribute: null }
  }
  return undefined
}

export function attributeTarget(catalog: Pick<Catalog, 'attributes'>, code: string): Target | undefined {
  const attribute = catalog.attributes.find((candidate) => candidate.code === code)
  return attribute && { source: null, column: null, attribute }
}

/** The column of the projection, its table, and how its values are typed. */
export function fieldOf(catalog: Pick<Catalog, 'usersTable'>, target: Target): { id: number; type: CatalogColumn['type']; column: string; table: string } {
  return target.attribute
    ? { id: target.attribute.id, type: target.attribute.type, column: target.attribute.column, table: catalog.usersTable }
    : { id: target.column.id, type: target.column.type, column: target.column.column, table: target.source.valuesTable as string }
}

export function decidedBy(target: Target): DecidedFields {
  return target.attribute ? { sourceId: null, fields: [target.attribute] } : { sourceId: target.source.id, fields: [target.column] }
}

/** The condition reference of a target: 'tag:<id>' or 'attribute:<code>'. */
export function refOf(target: Target): `tag:${number}` | `attribute:${string}` {
  return target.attribute ? `attribute:${target.attribute.code}` : `tag:${target.column.id}`
}

export function attributeById(catalog: Pick<Catalog, 'attributes'>, id: number | null): Target | undefined {
  const attribute = catalog.attributes.find((candidate) => candidate.id === id)
  return attribute && { source: null, column: null, attribute }
}

/** The target a reference names; undefined where there is none. */
export function targetOf(catalog: Catalog, ref: string): Target | undefined {
  if (ref.startsWith('attribute:')) return attributeTarget(catalog, ref.slice('attribute:'.length))
  return /^tag:[1-9]\d{0,8}$/.test(ref) ? tagTarget(catalog, Number(ref.slice('tag:'.length))) : undefined
}
