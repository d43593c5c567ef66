import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import t from 'tap'
import { RecordSplitter } from '../../src/imports/split-records.ts'

interface Read { lines: string[]; hashes: string[]; records: string[][]; bad: number[]; traits: object[] }

/** What a splitter gives out, of a text that comes in pieces of some size. */
function split(text: string, columns: number, size: number, counting?: number[]): Read {
  const splitter = new RecordSplitter({ delimiter: ',', columns, header: false })
  if (counting) splitter.hashBy(counting)
  const bytes = Buffer.from(text)
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) parts.push(splitter.push(bytes.subarray(at, at + size)))
  parts.push(splitter.end())
  const rows = parse(Buffer.concat(parts).toString(), { relaxColumnCount: true, recordDelimiter: '\n' }) as string[][]
  return {
    lines: rows.map((row) => row[0] as string), hashes: rows.map((row) => row[1] as string), records: rows.map((row) => row.slice(2)),
    bad: splitter.takeBad().map((record) => record.line), traits: Array.from({ length: columns }, (_, column) => splitter.traits(column))
  }
}

const cell = fc.oneof(fc.constantFrom('', '1', '12.5', ' x', 'ü ', '2024-01-02', 'a', 'b', '"', 'a,b', 'x\ny', 'x\r\ny', '　'), fc.string({ maxLength: 5 }).filter((text) => text.isWellFormed() && !text.includes('\0')))
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const written = (text: string, always: boolean) => (always || /[",\r\n]/.test(text) ? quoted(text) : text)
const table = fc.array(fc.tuple(cell, cell, cell, fc.boolean()), { minLength: 1, maxLength: 8 }).filter((rows) => rows.every(([a, b, c]) => a + b + c !== ''))
const end = fc.constantFrom('\n', '\r\n', '\r')

t.test('records are the same in whatever pieces they come, plain or not, and what csv-parse reads', async (t) => {
  fc.assert(fc.property(table, end, fc.integer({ min: 1, max: 40 }), (rows, lineEnd, size) => {
    const text = rows.map(([a, b, c, always]) => [a, b, c].map((one) => written(one, always)).join(',')).join(lineEnd)
    const whole = split(text, 3, 1 << 20)
    const pieces = split(text, 3, size)
    t.same({ ...pieces, traits: null }, { ...whole, traits: null })
    t.same(whole.records, rows.map((row) => row.slice(0, 3)))
    // What is looked at twice may only ever lose a trait, never claim one that a cell speaks against.
    for (const [column, traits] of whole.traits.entries()) {
      const cells = rows.map((row) => row[column] as string)
      const { plainNumbers, plainTimes, blanks, empty } = traits as Record<string, boolean>
      t.equal(empty, cells.includes(''), `an empty cell in column ${column}`)
      if (plainNumbers && !cells.every((one) => /^[-+.0-9]*$/.test(one))) t.fail(`column ${column} is not of numbers`)
      if (plainTimes && !cells.every((one) => /^[-0-9: T]*$/.test(one))) t.fail(`column ${column} is not of times`)
      if (!blanks && cells.some((one) => /\s/.test(one))) t.fail(`column ${column} has blanks`)
    }
  }), { numRuns: 400 })
})

t.test('a long cell is noted by its bytes, quoted or not', async (t) => {
  for (const [text, long] of [['x'.repeat(500), false], ['x'.repeat(501), true], ['好'.repeat(166), false], ['好'.repeat(167), true], [quoted('y\n'.repeat(251)), true]] as const) {
    t.same(split(`a,${text}\nb,\n`, 2, 1 << 20).traits.map((traits) => (traits as { long: boolean }).long), [false, long])
  }
})

t.test('the hash is that of the texts of the cells that count', async (t) => {
  fc.assert(fc.property(fc.array(cell, { minLength: 3, maxLength: 3 }), fc.array(cell, { minLength: 3, maxLength: 3 }), (one, other) => {
    const hash = (cells: string[], always: boolean, order: number[], counting: number[]) => split(`x,${order.map((at) => written(cells[at] as string, always)).join(',')}\n`, 4, 1 << 20, [0, ...order.map((at) => counting[at] as number)]).hashes[0]
    const mine = hash(one, false, [0, 1, 2], [7, 8, 9])
    t.equal(hash(one, true, [0, 1, 2], [7, 8, 9]), mine, 'quotation marks do not count')
    t.equal(hash(one, false, [2, 0, 1], [7, 8, 9]), mine, 'the order of columns does not count')
    t.equal(hash(one, false, [0, 1, 2], [7, 8, 9]) === hash(other, false, [0, 1, 2], [7, 8, 9]), one.every((text, at) => text === other[at]), 'other texts have another hash')
    t.equal(hash(one, false, [0, 1, 2], [7, 0, 9]) === hash([one[0] as string, other[1] as string, one[2] as string], false, [0, 1, 2], [7, 0, 9]), true, 'a column that does not count')
  }), { numRuns: 400 })
})

t.test('no two of many rows that differ little have the same hash', async (t) => {
  const text = Array.from({ length: 200_000 }, (_, index) => `${index % 450},${Math.floor(index / 450)},same`).join('\n')
  const { hashes } = split(text, 3, 1 << 18)
  t.equal(new Set(hashes).size, 200_000)
  // Neither half alone may be much poorer than chance: about 5 of 200,000 meet in 32 bits.
  t.ok(new Set(hashes.map((hash) => hash.slice(-8))).size > 199_950, 'low half')
  t.ok(new Set(hashes.map((hash) => hash.slice(2, 10))).size > 199_950, 'high half')
})
