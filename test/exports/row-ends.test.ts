import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import t from 'tap'
import { RowEnds } from '../../src/exports/row-ends.ts'

/** As COPY writes a cell: quoted where it must be, or the empty text to tell it from null. */
const written = (cell: string) => (cell === '' || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

const cells = fc.array(fc.oneof(fc.constantFrom('', '"', '""', '\n', '\r\n', '\r', ',', '你好\n', '=1', 'a"b\n"c'), fc.string({ unit: 'grapheme' })).map((cell) => cell.replaceAll('\0', '')), { minLength: 1, maxLength: 4 })
const tables = fc.array(cells, { maxLength: 12 }).map((rows) => { const width = rows[0]?.length ?? 1; return rows.map((row) => Array.from({ length: width }, (_, n) => row[n] ?? '')) })

t.test('rows end with CR LF wherever the stream is cut, cells stay as they are, and csv-parse reads the same', async (t) => {
  await fc.assert(fc.asyncProperty(tables, fc.array(fc.nat(200), { maxLength: 8 }), async (rows, cuts) => {
    const bytes = Buffer.from(rows.map((row) => `${row.map(written).join(',')}\n`).join(''))
    const places = [0, ...cuts.filter((cut) => cut < bytes.length), bytes.length].sort((a, b) => a - b)
    const pieces = places.slice(1).map((to, n) => bytes.subarray(places[n], to)).filter((piece) => piece.length)
    const ends = new RowEnds(Buffer.from('head\r\n'))
    const out = (await buffer(Readable.from(pieces).pipe(ends))).toString()
    const read = parse(out.slice('head\r\n'.length), { record_delimiter: '\r\n', relax_column_count: true }) as string[][]
    t.strictSame(read, rows)
    t.ok(out.startsWith('head\r\n'))
    t.equal(ends.rows, rows.length)
  }), { numRuns: 300 })
})
