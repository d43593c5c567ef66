import type { Catalog } from '../catalog/catalog.ts'
import { nameFromHeader } from './column-input.ts'
import type { ColumnSpec } from './column.ts'
import { proposeColumns } from './propose.ts'
import type { SampledFile } from './sample-file.ts'
import { maxImported, type Proposal } from './structure.ts'

export interface ProposedStructure extends Proposal { ambiguous: Set<string>; timeLike: Set<string> }

/** How a file would be read if nobody said otherwise. */
export function proposeStructure(sample: SampledFile, catalog: Pick<Catalog, 'idTypes' | 'attributes'>, fileName: string): ProposedStructure {
  const proposed = proposeColumns(sample, { idTypes: catalog.idTypes, attributes: catalog.attributes })
  const columns = limited(proposed.map((column) => (column.kind === 'tag' && !column.tagName ? { ...column, tagName: nameFromHeader(column.name) } : column)))
  return {
    alias: nameFromHeader(fileName.replace(/\.[^.]*$/, '')), keyColumn: keyOf(sample, columns), updateTimeColumn: null, columns,
    ambiguous: new Set(), timeLike: new Set(proposed.filter((column) => column.type === 'time' || column.type === 'date').map((column) => column.name))
  }
}

/** More than a source can have are not imported unless somebody chooses so. */
function limited(columns: readonly ColumnSpec[]): ColumnSpec[] {
  let imported = 0
  return columns.map((column) => (column.kind !== 'ignore' && ++imported > maxImported ? { ...column, kind: 'ignore' } : column))
}

/** A column whose values all differ and are never empty may name the rows; the first that also looks like a number or name of a row is proposed. */
function keyOf(sample: SampledFile, columns: readonly ColumnSpec[]): string | null {
  const unique = columns.filter((_, index) => sample.rows.length > 1 && new Set(sample.rows.map((row) => (row.cells[index] ?? '').trim())).size === sample.rows.length && sample.rows.every((row) => (row.cells[index] ?? '').trim() !== ''))
  return (unique.find((column) => /(^|[^a-z])(id|no|nr|key|code|number)$|id$|编号|号$/i.test(column.name)) ?? null)?.name ?? null
}
