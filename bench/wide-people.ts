import { columns as narrow, csvLine, seed, type BenchColumn } from './people.ts'
import { Random } from './random.ts'

/** What an export is measured with: 3 IDs, 8 attributes and 27 tags. */
export const wideColumns: BenchColumn[] = [
  ...narrow,
  { name: 'age', kind: 'attribute', attribute: 'age', type: 'number', rawType: 'numeric' }, { name: 'channel', kind: 'attribute', attribute: 'channel', type: 'text', rawType: 'text' },
  { name: 'registered', kind: 'attribute', attribute: 'registration_time', type: 'time', rawType: 'timestamptz' },
  ...Array.from({ length: 8 }, (_, index): BenchColumn => ({ name: `score_${index}`, kind: 'tag', type: index < 4 ? 'number' : 'text', rawType: index < 4 ? 'numeric' : 'text' }))
]

/** The lines of a CSV file with them. */
export function* wideLines(rows: number): Generator<string> {
  let block = `${wideColumns.map((column) => column.name).join(',')}\n`
  for (let row = 0; row < rows; row++) {
    const random = new Random(seed + 1, row)
    const moment = new Date(Date.UTC(2018, 0, 1) + random.below(3000 * 86_400) * 1000).toISOString().slice(0, 19).replace('T', ' ')
    const scores = Array.from({ length: 8 }, (_, index) => (index < 4 ? random.below(100_000) / 100 : `level ${random.below(40)}`))
    block += `${csvLine(row, { changeEvery: 0, offset: 0, keyPrefix: 'M' })},${18 + random.below(60)},${random.of(['Store', 'Web', 'App'])},${moment},${scores.join(',')}\n`
    if (block.length > 256 * 1024) { yield block; block = '' }
  }
  yield block
}
