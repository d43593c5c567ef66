import { alwaysFits } from '../db/row-width.ts'
import type { BadRecord } from './bad-record.ts'
import { CellPicker } from './pick-cells.ts'
import type { RowStream } from './row-stream.ts'

/** What a staged row has besides its cells: the number of its line and its hash. */
export const stagedOwnBytes = 16

/**
 * The same rows with the wanted columns alone, where the file has so many that staging all of them could be too wide for the
 * database; rows that still are become bad records. Files with fewer columns pass as they are.
 */
export function narrowRows(all: RowStream, wanted: ReadonlySet<string>): RowStream {
  const stream = all.pick?.(wanted) ?? all
  if (alwaysFits(stream.columns.length, stagedOwnBytes)) return stream
  const places = stream.columns.flatMap((name, place) => (wanted.has(name) ? [place] : []))
  const picker = new CellPicker(stream.delimiter, stream.columns.length, places)
  async function* chunks(counting?: readonly number[]): AsyncIterable<Buffer> {
    const counted = counting && stream.columns.map((_, place) => counting[places.indexOf(place)] ?? 0)
    for await (const chunk of stream.chunks(counted)) yield picker.pick(chunk)
  }
  return {
    columns: places.map((place) => stream.columns[place] as string), delimiter: stream.delimiter, chunks,
    takeBad: (): BadRecord[] => [...stream.takeBad(), ...picker.takeBad()],
    traits: (column) => stream.traits(places[column] ?? -1),
    progress: () => stream.progress()
  }
}
