import type { ColumnSpec } from '../catalog/column.ts'

/** What of a column waits for the next run, which must read the whole file: all that decides how its cells are read. */
const delayed = ['kind', 'type', 'delimiter', 'idType', 'encryption', 'attribute', 'format', 'timeZone', 'emptyValues'] as const

/** Whether two readings of a column are the same; what one does not say and an empty one are alike. */
export function readsAlike(one: ColumnSpec, other: ColumnSpec): boolean {
  return readingOf(one) === readingOf(other)
}

function readingOf(spec: ColumnSpec): string {
  return JSON.stringify(delayed.map((field) => {
    const value = spec[field]
    return value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? null : value
  }))
}
