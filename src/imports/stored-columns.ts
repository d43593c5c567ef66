import type { CatalogColumn, CatalogSource } from '../catalog/catalog.ts'

/** Columns of layer 1 that a source's rows table has, without the row's own facts. */
export function storedColumns(source: CatalogSource): CatalogColumn[] {
  return source.columns.filter((column) => column.kind !== 'ignore')
}

/** Attribute cells keep the run in which they last changed, unless the rows themselves say when. */
export function keepsCellTime(source: CatalogSource, column: CatalogColumn): boolean {
  return column.kind === 'attribute' && source.updateTimeColumn === null
}

/** Names of all columns of a rows table. */
export function rowColumns(source: CatalogSource): string[] {
  return ['row_number', 'source_key', 'row_hash', 'run_id', 'row_time', 'created_at', ...storedColumns(source).flatMap((column) => (keepsCellTime(source, column) ? [column.column, `${column.column}_at`] : [column.column]))]
}
