import t, { type Test } from 'tap'
import { build, type TestApp } from '../helper.ts'
import { messageOf, upload } from '../sources/upload.ts'

/** Text that compresses badly and is different in every cell. */
const text = (row: number, column: number, length: number) => Array.from({ length }, (_, at) => String.fromCharCode(97 + ((row * 31 + column * 17 + at * at * 7 + at) % 26))).join('')
const fileOf = (columns: number, rows: string[][]) => [['key', ...Array.from({ length: columns - 1 }, (_, index) => `c${index + 1}`)], ...rows].map((row) => row.join(',')).join('\n')
const rowOf = (row: number, columns: number, length: number, from = 1) => [`K${row}`, ...Array.from({ length: columns - 1 }, (_, index) => (index + 1 >= from ? text(row, index, length) : ''))]

async function importFile(t: Test, app: TestApp, name: string, content: string): Promise<{ run: Record<string, unknown>; rejected: (string | null)[][] }> {
  const known = await app.db.selectFrom('sources').select('id').executeTakeFirst()
  const url = await upload(app, name, content, known?.id)
  const names = /name="names" value="([^"]*)"/.exec((await app.as({ url })).body)?.[1] ?? ''
  const response = await app.as({ method: 'POST', url: `${url}/import`, form: { names, alias: 'Wide', key: '0' } })
  t.equal(response.statusCode, 303, messageOf(response))
  await app.runJobs()
  const run = await app.db.selectFrom('import_runs as r').innerJoin('jobs as j', 'j.id', 'r.job_id').select(['r.id', 'j.status', 'j.error', 'r.rows_new', 'r.rows_changed', 'r.rows_rejected']).orderBy('r.id', 'desc').executeTakeFirstOrThrow()
  const rejected = await app.db.selectFrom('rejected_rows').select(['line', 'reason', 'detail', 'content']).where('run_id', '=', run.id).orderBy('line').execute()
  return { run, rejected: rejected.map((row) => [row.line, row.reason, row.detail, row.content.slice(0, 5)]) }
}

t.test('of a file of 400 columns, rows too wide for the database are rejected and the others imported', async (t) => {
  const app = await build(t)
  const rows = [rowOf(1, 400, 10), rowOf(2, 400, 22), rowOf(3, 400, 19), rowOf(4, 400, 60), rowOf(5, 400, 23), rowOf(6, 400, 1)]
  const { run, rejected } = await importFile(t, app, 'wide.csv', fileOf(400, rows))
  t.match(run, { status: 'done', rows_new: '4', rows_rejected: '2' })
  t.same(rejected.map(([line, reason, , content]) => [line, reason, content!.slice(0, 3)]), [['3', 'too_wide', 'K2,'], ['6', 'too_wide', 'K5,']])
  t.match(rejected[0]![2], /too wide for the database: its cells take 9,\d{3} of 8,160 bytes/)
  const page = (await app.as({ url: '/settings/imports/1' })).body
  t.match(page, /rejected: 2 too wide/)
  t.match((await app.as({ url: '/settings/imports/1/rejected.csv' })).body, /too wide for the database/)
  t.equal((await app.as({ url: '/users/1' })).statusCode, 200)
  t.equal((await app.as({ url: '/users' })).statusCode, 200)

  const again = await importFile(t, app, 'again.csv', fileOf(400, [rowOf(1, 400, 22), rowOf(3, 400, 18), rowOf(7, 400, 60), rowOf(8, 400, 5), rowOf(9, 400, 5)]))
  t.match(again.run, { status: 'done', rows_new: '3', rows_changed: '1', rows_rejected: '1' })
  const { rows_table: table } = await app.db.selectFrom('sources').select('rows_table').executeTakeFirstOrThrow()
  const { rows: stored } = await app.pool.query(`select source_key from ${table} order by row_number`)
  t.same(stored.map((row) => row.source_key), ['K1', 'K3', 'K4', 'K6', 'K7', 'K8', 'K9'], 'the row that grew too wide stays as it was')

  await app.pool.query(`insert into operators (email, name, password_hash) values ('x', 'x', '')`)
  const few = await importFile(t, app, 'few.csv', fileOf(400, [rowOf(3, 400, 7)]))
  t.match(few.run, { status: 'done', rows_changed: '1', rows_rejected: '0' }, 'in place, with its image of before')
})

t.test('of a file of 1,400 columns only the imported ones take room', async (t) => {
  const app = await build(t)
  const rows = [rowOf(1, 1400, 12), rowOf(2, 1400, 40), ['K3', ...Array.from({ length: 1399 }, (_, index) => (index < 399 ? text(3, index, 22) : ''))], ['K4', '"two\nlines, and a ""mark"""', ...Array.from({ length: 1398 }, (_, index) => (index % 2 ? '""' : '  x '))], ['K5', ...Array.from({ length: 1399 }, () => '')], rowOf(6, 1400, 23, 401)]
  const { run, rejected } = await importFile(t, app, 'wider.csv', fileOf(1400, rows))
  t.match(run, { status: 'done', rows_new: '5', rows_rejected: '1' })
  t.same(rejected.map((row) => [row[0], row[1]]), [['4', 'too_wide']])
  const columns = await app.db.selectFrom('source_columns').select(['name', 'kind', 'id']).orderBy('position').execute()
  t.same([columns.length, columns.filter((column) => column.kind !== 'ignore').length], [1400, 400], 'the columns that are not imported are known all the same')
  const { rows_table: table } = await app.db.selectFrom('sources').select('rows_table').executeTakeFirstOrThrow()
  const at = (name: string) => `c${columns.find((column) => column.name === name)?.id}`
  const { rows: stored } = await app.pool.query(`select source_key, ${at('c1')} as one, ${at('c2')} as two, ${at('c3')} as three, ${at('c399')} as last from ${table} order by row_number`)
  t.same(stored.map((row) => [row.source_key, row.one, row.two, row.three, row.last]), [
    ['K1', text(1, 0, 12), text(1, 1, 12), text(1, 2, 12), text(1, 398, 12)], ['K2', text(2, 0, 40), text(2, 1, 40), text(2, 2, 40), text(2, 398, 40)],
    ['K4', 'two\nlines, and a "mark"', 'x', null, null], ['K5', null, null, null, null], ['K6', null, null, null, null]
  ])
  const missing = await upload(app, 'whole.csv', fileOf(1400, [rowOf(1, 1400, 12)]), 1)
  t.match(messageOf(await app.as({ method: 'POST', url: `${missing}/import`, form: { whole: 'on' } })), /4 rows of the source are not in the file/)
})

t.test('numbers, times and several values in 400 columns', async (t) => {
  const app = await build(t)
  const cells = (make: (index: number) => string) => Array.from({ length: 399 }, (_, index) => make(index))
  const kinds = (row: number) => cells((index) => [String(row * 1000 + index + 0.25), `2026-01-${String(1 + (index % 28)).padStart(2, '0')} 10:00:00`, `a${row}|b${index}`][index % 3]!)
  const long = cells((index) => (index % 3 === 0 ? '1234567890123456789012345678.25' : kinds(5)[index]!))
  const { run, rejected } = await importFile(t, app, 'kinds.csv', fileOf(400, [['K1', ...kinds(1)], ['K2', ...kinds(2)], ['K3', ...kinds(3)], ['K4', ...kinds(4)], ['K5', ...long]]))
  t.match(run, { status: 'done', rows_rejected: '0', rows_new: '5' })
  t.same(rejected, [])
})

t.test('a run stops with its reason where the rows of one user, each narrow enough, are too wide together', async (t) => {
  const app = await build(t)
  const columns = ['key', 'mobile', ...Array.from({ length: 398 }, (_, index) => `c${index}`)]
  const half = (row: number, filled: (index: number) => boolean) => [`K${row}`, '13812345678', ...Array.from({ length: 398 }, (_, index) => (filled(index) ? text(row, index, 22) : ''))].join(',')
  const { run } = await importFile(t, app, 'halves.csv', [columns.join(','), half(1, (index) => index < 199), half(2, (index) => index >= 199)].join('\n'))
  t.match(run, { status: 'stopped', error: /Nothing was changed.*of one user.*too wide/ })
  t.equal((await app.db.selectFrom('sources').select('rows_table').executeTakeFirstOrThrow()).rows_table, null)
})
