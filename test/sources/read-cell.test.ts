import fc from 'fast-check'
import t from 'tap'
import { cellSql, cleanSql } from '../../src/imports/cell-sql.ts'
import { readCell, type ReadAs } from '../../src/sources/read-cell.ts'
import { openTestDatabase } from '../helper.ts'

const zone = 'Asia/Shanghai'
const columns: ReadAs[] = [
  { type: 'text' }, { type: 'text', emptyValues: ['null', "o'x"] }, { type: 'number' }, { type: 'number', format: ',' }, { type: 'multi', delimiter: '|' }, { type: 'multi', delimiter: ',' },
  { type: 'choice', kind: 'attribute', attribute: 'gender' }, { type: 'date', format: 'YMD' }, { type: 'date', format: 'DMY' },
  ...['YMD', 'DMY', 'MDY', 'epoch', 'epoch_ms'].map((format): ReadAs => ({ type: 'time', format })), { type: 'time', format: 'YMD', timeZone: 'America/New_York' }
]
const blank = fc.constantFrom('', '', '', ' ', '\t', '　', ' \n')
const two = (max: number) => fc.integer({ min: 0, max }).map((number) => (number % 2 ? String(number) : String(number).padStart(2, '0')))
const date = fc.tuple(fc.constantFrom('0000', '1999', '2024', '2023', '20', '99999'), two(14), two(33), fc.constantFrom('-', '/', '.', '')).map(([y, m, d, s]) => [y, m, d].join(s))
const turned = fc.tuple(two(33), two(33), fc.constantFrom('2024', '1999', '24'), fc.constantFrom('-', '/', '.')).map(([a, b, y, s]) => [a, b, y].join(s))
const chinese = fc.tuple(fc.constantFrom('2024', '24'), two(13), two(32), fc.constantFrom('日', '')).map(([y, m, d, end]) => `${y}年${m}月${d}${end}`)
const clock = fc.constantFrom('', ' 10:00', 'T10:00:05', ' 24:00:00', ' 23:59:60', ' 25:00', ' 1:5', ' 10:00:00.123', 'T10:00:00Z', ' 10:00+08:00', ' 10:00:00 -0530', ' 10:00:00.5+08', 'T10:00-05', ' 10:00:00-11', ' 10:00 PM', ' 10')
const number = fc.oneof(fc.double().map(String), fc.integer().map(String), fc.constantFrom('1,234.50', '1.234,50', '12,34', '1 234', '+5', '-.5', '5.', '1e5', '1e400', 'NaN', 'Infinity', '0x1A', '1_000', '١', '1,2', '--1', '.', '-', '1e', '1 234 567,8'))
const words = fc.constantFrom('now', 'today', 'infinity', 'M', '男', 'ms.', 'x', 'null', "o'x", 'a|b|a', ' a | b ||', '|', 'tea,hiking,,tea', '20240103', '1700000000', '1700000000123', '2024', '200112', '2024-001', 'Jan 3 2024', '\\', "'; drop table x --", '2024-01-02 BC')
const cell = fc.tuple(blank, fc.oneof(words, number, fc.tuple(fc.oneof(date, turned, chinese), clock).map((parts) => parts.join('')), fc.string({ maxLength: 12 }).filter((text) => !text.includes('\0') && text.isWellFormed())), blank).map((parts) => parts.join(''))

t.test('the preview reads a cell exactly as the import does', async (t) => {
  const { pool } = await openTestDatabase(t)
  const client = await pool.connect()
  t.teardown(() => client.release())
  await client.query(`set timezone = '${zone}'`)
  await fc.assert(fc.asyncProperty(fc.array(cell, { minLength: 20, maxLength: 60 }), fc.constantFrom(...columns), async (cells, column) => {
    const { value, bad } = cellSql(column, 'clean', zone)
    const { rows } = await client.query(`with s as (select n, ${cleanSql(column, 'given')} as clean from unnest($1::text[]) with ordinality u (given, n) offset 0)
      select n, ${bad ?? 'false'} as bad, case when ${bad ?? 'false'} then null else to_jsonb(${column.type === 'time' ? `extract(epoch from ${value}) * 1000` : value}) end as value from s order by n`, [cells])
    for (const [index, row] of rows.entries()) {
      const read = readCell(column, cells[index] as string, zone)
      const label = `${JSON.stringify(column)} ${JSON.stringify(cells[index])}`
      if (row.bad !== ('problem' in read)) return t.fail(`${label}: the database says ${row.bad ? 'unreadable' : row.value}, the preview ${JSON.stringify(read)}`)
      if ('problem' in read) continue
      const expected = read.value === null ? null : column.type === 'number' ? Number(read.value) : column.type === 'time' ? Math.floor(read.instant as number) : read.value
      const found = row.value === null ? null : column.type === 'time' ? Math.floor(Number(row.value)) : row.value
      if (JSON.stringify(found) !== JSON.stringify(expected)) return t.fail(`${label}: the database reads ${JSON.stringify(found)}, the preview ${JSON.stringify(expected)}`)
    }
    return undefined
  }), { numRuns: 300 })
  t.pass('300 samples agree')
})
