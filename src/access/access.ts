import type { Attribute, Catalog, CatalogAudience, CatalogColumn, CatalogSource, IdType, TagGroup } from '../catalog/catalog.ts'
import type { Condition } from '../catalog/condition.ts'
import { showsAny, type Grants } from './grants.ts'

export interface VisibleColumn extends CatalogColumn { masked: boolean }
export interface VisibleSource extends Omit<CatalogSource, 'columns'> {
  columns: VisibleColumn[]; rowCondition: Condition | null
  /** Hidden ones too, for compiling the row condition and nothing else: it may name what its role does not see. */
  conditionColumns: readonly CatalogColumn[]
}
export interface VisibleAttribute extends Attribute { masked: boolean }

/**
 * What one operator may see of the catalog. Queries on personal data take it as their second argument and can name
 * nothing that is not in it, so a hidden column is never selected. Made only here.
 */
export class Access {
  /** Visible sources that have been imported at least once; hidden and ignored columns are not in their lists. */
  readonly sources: readonly VisibleSource[]
  readonly attributes: readonly VisibleAttribute[]
  /** Hidden ones too, for compiling row conditions and nothing else. */
  readonly conditionAttributes: readonly Attribute[]
  readonly idTypes: readonly IdType[]
  readonly tagGroups: readonly TagGroup[]
  /** True where no source is hidden and no row condition applies: every user is visible, and counts may be taken from the catalog. */
  readonly everyUser: boolean
  /** Nothing is hidden, masked or left out, whatever comes. */
  readonly everything: boolean
  readonly usersTable: string
  readonly userCount: number
  readonly catalogVersion: string
  /** Audiences that the operator may know of: their own and shared ones. */
  readonly audiences: readonly CatalogAudience[] = []

  private constructor(catalog: Catalog, sources: VisibleSource[], attributes: VisibleAttribute[], everyUser: boolean, everything: boolean) {
    this.sources = sources
    this.attributes = attributes
    this.everyUser = everyUser
    this.everything = everything
    this.conditionAttributes = catalog.attributes
    this.idTypes = catalog.idTypes
    this.tagGroups = catalog.tagGroups
    this.usersTable = catalog.usersTable
    this.userCount = catalog.userCount
    this.catalogVersion = catalog.version
  }

  static full(catalog: Catalog): Access {
    const sources = catalog.sources.filter(isPublished).map((source): VisibleSource => ({
      ...source, rowCondition: null, conditionColumns: [], columns: source.columns.filter(isImported).map((column) => ({ ...column, masked: false }))
    }))
    return new Access(catalog, sources, catalog.attributes.map((attribute) => ({ ...attribute, masked: false })), true, true)
  }

  static narrowed(catalog: Catalog, grants: Grants): Access {
    const published = catalog.sources.filter(isPublished)
    const sources = published.flatMap((source): VisibleSource[] => {
      const grant = grants.sources.get(source.id)
      if (!grant || !showsAny(grant)) return []
      const columns = source.columns.filter(isImported).flatMap((column): VisibleColumn[] => {
        // An attribute is granted by itself, whatever source feeds it.
        const level = column.kind === 'attribute' ? grants.attributes.get(column.attribute ?? '') ?? 'hidden' : grant.columns.get(column.id) ?? grant.otherwise
        return level === 'hidden' ? [] : [{ ...column, masked: level === 'masked' }]
      })
      return [{ ...source, columns, rowCondition: grant.rowCondition ?? null, conditionColumns: source.columns.filter(isImported) }]
    })
    const attributes = catalog.attributes.flatMap((attribute): VisibleAttribute[] => {
      const level = grants.attributes.get(attribute.code) ?? 'hidden'
      return level === 'hidden' ? [] : [{ ...attribute, masked: level === 'masked' }]
    })
    const everyUser = sources.length === published.length && sources.every((source) => source.rowCondition === null)
    return new Access(catalog, sources, attributes, everyUser, false)
  }

  source(id: number): VisibleSource | undefined {
    return this.sources.find((source) => source.id === id)
  }

  /** Are all rows of a source seen, with every column of its files, those included that are not imported? */
  showsFilesOf(source: CatalogSource): boolean {
    if (this.everything) return true
    const seen = this.source(source.id)
    return seen !== undefined && seen.rowCondition === null && source.columns.every((column) => seen.columns.some((one) => one.id === column.id && !one.masked))
  }

  /** The same with no other source than this one: what the condition on its rows may speak of. */
  only(sourceId: number): Access {
    const sources = this.sources.filter((source) => source.id === sourceId)
    return copyWith(this, { sources, everyUser: this.everyUser && sources.length === this.sources.length, audiences: [] })
  }

  /** The same for somebody who may know of these audiences. */
  withAudiences(audiences: readonly CatalogAudience[]): Access {
    return copyWith(this, { audiences })
  }

  /** An audience by its number; one of somebody else that is not shared is answered like one that was never there. */
  audience(id: number): CatalogAudience | undefined {
    return this.audiences.find((audience) => audience.id === id)
  }

  attribute(code: string): VisibleAttribute | undefined {
    return this.attributes.find((attribute) => attribute.code === code)
  }

  /** A visible tag by its column id, with its source; undefined is answered alike for hidden and for never there. */
  tag(columnId: number): { source: VisibleSource; column: VisibleColumn } | undefined {
    for (const source of this.sources) {
      const column = source.columns.find((candidate) => candidate.id === columnId && candidate.kind === 'tag')
      if (column) return { source, column }
    }
    return undefined
  }

  get tags(): { source: VisibleSource; column: VisibleColumn }[] {
    return this.sources.flatMap((source) => source.columns.filter((column) => column.kind === 'tag').map((column) => ({ source, column })))
  }
}

function copyWith(access: Access, changes: Partial<Access>): Access {
  return Object.assign(Object.create(Access.prototype) as object, access, changes) as Access
}

function isPublished(source: CatalogSource): boolean {
  return source.rowsTable !== null && !source.removing
}

function isImported(column: CatalogColumn): boolean {
  return column.kind !== 'ignore'
}
