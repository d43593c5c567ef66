import type { ColumnTraits } from './column-traits.ts'
import type { BadRecord } from './split-records.ts'

/**
 * Rows on their way into staging, wherever they come from: CSV bytes for COPY, each row with its line number and its hash in front.
 * A file today; a table of another database later.
 */
export interface RowStream {
  /** Names of the columns, in the order of the bytes. */
  columns: string[]
  /** One ASCII character. */
  delimiter: string
  /** `<line><delimiter><hash><delimiter><row>\n`, UTF-8. `counting`: which columns make the hash (CellReader). */
  chunks(counting?: readonly number[]): AsyncIterable<Buffer>
  /** Records that could not become rows, since the last call. */
  takeBad(): BadRecord[]
  /** What the cells of a column have in common, known once all chunks were given out. */
  traits(column: number): ColumnTraits
  /** How far the stream is: rows given out, and rows expected in all (an estimate until the end). */
  progress(): { done: number; total: number }
}
