import { alwaysFits } from '../db/row-width.ts'
import type { BadRecord } from './bad-record.ts'
import { CellPicker } from './pick-cells.ts'
import type { RowStream } from './row-stream.ts'

/** The number of the line. */
const ownBytes = 8

/**
 * The same rows with the wanted columns alone, where the file has so many that staging all of them could be too wide for the
 * database; rows that still are become bad records. Files with fewer columns pass as they are.
 */
export function narrowRows(stream: RowStream, wanted: ReadonlySet<string>): RowStream {
  if (alwaysFits(stream.columns.length, ownBytes)) return stream
  const places = stream.columns.flatMap((name, place) => (wanted.has(name) ? [place] : []))
  const picker = new CellPicker(stream.delimiter, stream.columns.length, places)
  async function* chunks(): AsyncIterable<Buffer> {
    for await (const chunk of stream.chunks()) yield picker.pick(chunk)
  }
  return {
    columns: places.map((place) => stream.columns[place] as string), delimiter: stream.delimiter, chunks,
    takeBad: (): BadRecord[] => [...stream.takeBad(), ...picker.takeBad()],
    traits: (column) => stream.traits(places[column] ?? -1),
    progress: () => stream.progress()
  }
}
