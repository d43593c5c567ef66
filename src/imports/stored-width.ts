import type { CatalogColumn, CatalogSource } from '../catalog/catalog.ts'
import { alwaysFits, largestCell, movedCell, rowHeaderBytes } from '../db/row-width.ts'
import { keepsCellTime, storedColumns } from './stored-columns.ts'
import type { Stage } from './stage.ts'

/** What a row says of itself, key, hash, run and times, and what its image of before has besides. */
export const ownBytes = 8 + largestCell + 8 + 8 + 8 + 8 + 16
const ownColumns = 8
/** A time may have to begin at a place divisible by eight. */
const timeBytes = 15
const dateBytes = 7

/** SQL over cleanRows: how many bytes a row takes at most when stored. Null where every row fits, so that nobody pays for it. */
export function storedWidthSql(source: CatalogSource, stage: Stage): string | null {
  const columns = storedColumns(source)
  const times = columns.filter((column) => keepsCellTime(source, column)).length
  if (alwaysFits(columns.length + ownColumns, ownBytes + times * timeBytes)) return null
  const cells = columns.filter((column) => stage.has(column.name)).map((column) => {
    const cell = `s.${stage.column(column.name)}`
    return `case when ${cell} is null then 0 ${cellBytes(column, cell)} end`
  })
  return [rowHeaderBytes(columns.length + times + ownColumns) + ownBytes + times * timeBytes, ...cells].join(' + ')
}

function cellBytes(column: CatalogColumn, cell: string): string {
  switch (column.type) {
    case 'time': return `else ${timeBytes}`
    case 'date': return `else ${dateBytes}`
    case 'number': return `else least(octet_length(${cell}) / 2 + 8, ${largestCell})`
    // A list of one letter is longer than what stays in a row.
    case 'multi': return `else ${movedCell}`
    default: return `when octet_length(${cell}) < ${largestCell} then octet_length(${cell}) + 1 else ${movedCell}`
  }
}
