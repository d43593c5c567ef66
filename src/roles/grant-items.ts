import type { Access } from '../access/access.ts'
import type { Grants } from '../access/grants.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Condition } from '../catalog/condition.ts'
import { describeText } from '../conditions/labels.ts'
import type { ActItem } from '../history/queries.ts'

/** A row condition as the history says it; '' where all rows are seen. */
export function sayRows(access: Access, condition: Condition | null | undefined): string | null {
  return condition ? describeText(access, condition) || 'no row: the condition could not be read' : null
}

/** What a role that goes saw, so that it can be made again by hand. Only who sees everything reads these items. */
export function itemsOfGrants(access: Access, catalog: Catalog, grants: Grants): ActItem[] {
  const item = (column: string, before: unknown): ActItem => ({ table: 'grants', column, before, after: null })
  return [
    ...[...grants.attributes].filter(([, level]) => level !== 'hidden').map(([code, level]) => item(catalog.attributes.find((attribute) => attribute.code === code)?.name ?? code, level)),
    ...[...grants.sources].flatMap(([id, grant]) => {
      const source = catalog.sources.find((candidate) => candidate.id === id)
      if (!source) return []
      return [
        ...source.columns.filter((column) => (grant.columns.get(column.id) ?? 'hidden') !== 'hidden').map((column) => item(`${source.alias}, ${column.name}`, grant.columns.get(column.id))),
        ...(grant.otherwise === 'hidden' ? [] : [item(`${source.alias}, later columns`, grant.otherwise)]), ...(grant.rowCondition ? [item(`${source.alias}, rows`, sayRows(access, grant.rowCondition))] : [])
      ]
    })
  ]
}
