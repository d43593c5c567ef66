import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import t from 'tap'
import { CellPicker } from '../../src/imports/pick-cells.ts'
import { RecordSplitter } from '../../src/imports/split-records.ts'

const cell = fc.oneof(fc.string({ unit: fc.constantFrom('a', '1', ' ', '王', ';'), maxLength: 6 }), fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '王'), maxLength: 6 }))
const quote = (text: string, always: boolean) => (always || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

t.test('the wanted cells come through as they stand in the file, with the number of their line', async () => {
  const table = fc.integer({ min: 1, max: 7 }).chain((width) => fc.tuple(fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }), fc.subarray(Array.from({ length: width }, (_, index) => index), { minLength: 1 })))
  fc.assert(fc.property(table, fc.boolean(), fc.integer({ min: 1, max: 40 }), ([rows, places], always, size) => {
    const text = Buffer.from(rows.map((row) => ['k', ...row].map((one) => quote(one, always)).join(',')).join('\n'))
    const columns = rows[0]!.length + 1
    const splitter = new RecordSplitter({ delimiter: ',', columns, header: false })
    const picker = new CellPicker(',', columns, places.map((place) => place + 1))
    const picked: Buffer[] = []
    for (let at = 0; at < text.length; at += size) picked.push(picker.pick(splitter.push(text.subarray(at, at + size))))
    picked.push(picker.pick(splitter.end()))
    const found = parse(Buffer.concat(picked), { record_delimiter: '\n', relax_column_count: true }) as string[][]
    const lines = rows.map((_, row) => 1 + rows.slice(0, row).reduce((sum, before) => sum + 1 + (before.join('|').match(/\r\n|\n|\r/g)?.length ?? 0), 0))
    return JSON.stringify(found.map(([line, , ...cells]) => [line, ...cells])) === JSON.stringify(rows.map((row, index) => [String(lines[index]), ...places.map((place) => row[place])]))
  }), { numRuns: 500 })
})

t.test('a record too wide is kept back with its line and its beginning', async (t) => {
  const columns = 400
  const rows = [10, 22, 200].map((length) => Array.from({ length: columns }, () => 'x'.repeat(length)).join(','))
  const splitter = new RecordSplitter({ delimiter: ',', columns, header: false })
  const picker = new CellPicker(',', columns, Array.from({ length: columns }, (_, index) => index))
  const kept = picker.pick(splitter.push(Buffer.from(`${rows.join('\n')}\n`))).toString().split('\n')
  t.same(kept.map((line) => line.replace(/,0x[0-9a-f]{16},/, ',').slice(0, 4)), ['1,xx', '3,xx', ''])
  const [bad, ...more] = picker.takeBad()
  t.match(bad, { line: 2, reason: 'too_wide', text: rows[1]!.slice(0, 2000) })
  t.same([more, picker.takeBad()], [[], []])
})
