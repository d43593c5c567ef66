import type { Catalog } from '../../catalog/catalog.ts'

/** Tag groups as people type them: "Interests > Outdoor". */
export function groupPaths(catalog: Pick<Catalog, 'tagGroups'>): string[] {
  return catalog.tagGroups.map((group) => group.path.join(' > ')).sort((one, other) => one.localeCompare(other))
}

/** Names to choose from; any other that the system knows may be typed. */
export function timeZoneNames(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => /^(Asia|Europe|America|Australia)\/[^/]+$/.test(zone))]
}
