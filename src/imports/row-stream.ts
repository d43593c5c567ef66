import type { ColumnTraits } from './column-traits.ts'
import type { Mark } from './run-origin.ts'
import type { BadRecord } from './split-records.ts'

/**
 * Rows on their way into staging, wherever they come from: CSV bytes for COPY, each row with its line number and its hash in front.
 * A file, or a table of another database.
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
  /** The same rows with some columns alone, where the others need not be read at all. */
  pick?(wanted: ReadonlySet<string>): RowStream
  /** How far into the table this run came, for the next one; known once all chunks were given out. */
  mark?(): Mark | null
  /** How far the stream is: rows given out, and rows expected in all (an estimate until the end). */
  progress(): { done: number; total: number }
}
