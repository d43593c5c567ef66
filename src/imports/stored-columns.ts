import type { CatalogColumn, CatalogSource } from '../catalog/catalog.ts'

/** Columns of layer 1 that a source's rows table has, without the row's own facts. */
export function storedColumns(source: CatalogSource): CatalogColumn[] {
  return source.columns.filter((column) => column.kind !== 'ignore')
}

/** Attribute cells keep the run in which they last changed, unless the rows themselves say when. */
export function keepsCellTime(source: CatalogSource, column: CatalogColumn): boolean {
  return column.kind === 'attribute' && source.updateTimeColumn === null
}
