import type { Catalog } from '../catalog/catalog.ts'
import type { ColumnSpec } from '../catalog/column.ts'
import { nameFromHeader } from './column-input.ts'
import { proposeColumns, proposeKey, proposeUpdateTime } from './propose.ts'
import type { SampledFile } from './sample-file.ts'
import { maxImported, type Proposal } from './structure.ts'

export interface ProposedStructure extends Proposal {
  /** Columns that look like times, whatever they will be read as. */
  timeLike: Set<string>
}

/** How a file would be read if nobody said otherwise. */
export function proposeStructure(sample: SampledFile, catalog: Pick<Catalog, 'idTypes' | 'attributes'>, fileName: string): ProposedStructure {
  const proposed = proposeColumns(sample, catalog)
  return {
    alias: nameFromHeader(fileName.replace(/\.[^.]*$/, '')), keyColumn: proposeKey(sample) ?? null, updateTimeColumn: proposeUpdateTime(proposed) ?? null,
    columns: named(limited(proposed.map(({ ambiguous: _ambiguous, ...column }) => column))),
    timeLike: new Set(proposed.filter((column) => column.type === 'time' || column.type === 'date').map((column) => column.name))
  }
}

/** More than a source can have are not imported unless somebody chooses so. */
function limited(columns: readonly ColumnSpec[]): ColumnSpec[] {
  let imported = 0
  return columns.map((column) => (column.kind !== 'ignore' && ++imported > maxImported ? { ...column, kind: 'ignore' } : column))
}

/** Names of tags as people write them, each once. */
function named(columns: readonly ColumnSpec[]): ColumnSpec[] {
  const taken = new Set<string>()
  return columns.map((column) => {
    if (column.kind !== 'tag') return column
    const name = nameFromHeader(column.name)
    let tagName = name
    for (let number = 2; taken.has(tagName.toLowerCase()); number++) tagName = `${name} (${number})`
    taken.add(tagName.toLowerCase())
    return { ...column, tagName }
  })
}
