import type { Access } from '../access/access.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { findField } from '../conditions/field.ts'

/** What of the history an operator may see: titles and items name sources, tags and attributes, and some of these may be hidden. */
export interface Sight {
  /** Nothing is hidden: entries about what is no longer there are seen as well. */
  everything: boolean
  sources: number[]
  /** References of the visible tags and attributes. */
  fields: string[]
}

export function sightOf(catalog: Catalog, access: Access): Sight {
  const fields = [...access.attributes.map(({ code }) => `attribute:${code}`), ...access.tags.map(({ column }) => `tag:${column.id}`)]
  const columns = access.sources.reduce((sum, source) => sum + source.columns.length, 0)
  const published = catalog.sources.filter((source) => source.rowsTable !== null && !source.removing)
  const all = published.reduce((sum, source) => sum + source.columns.filter((column) => column.kind !== 'ignore').length, 0)
  return {
    everything: access.everyUser && columns === all && access.attributes.length === catalog.attributes.length,
    sources: access.sources.map((source) => source.id), fields
  }
}

/** May this operator change all that an entry is about? Editing, tagging and taking back need a full grant. */
export function mayChange(access: Access, sight: Sight, fields: readonly string[]): boolean {
  return fields.every((ref) => { const field = findField(access, ref); return field ? !field.masked : sight.everything })
}
