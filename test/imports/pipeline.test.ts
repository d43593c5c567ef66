import t from 'tap'
import { openTestDatabase } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'

const shop: SeedStructure = {
  alias: 'Shop', key: { column: 'no', idType: 'ONEID' },
  columns: [
    { name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' },
    { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }, { name: 'sex', kind: 'attribute', type: 'choice', attribute: 'gender' },
    { name: 'likes', kind: 'tag', type: 'multi', delimiter: '|' }, { name: 'value', kind: 'tag', type: 'number' }, { name: 'seen', kind: 'tag', type: 'time', format: 'YMD' }
  ]
}
const web: SeedStructure = {
  alias: 'Web', key: { column: 'id' },
  columns: [
    { name: 'id', kind: 'ignore', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'email', kind: 'id', type: 'text', idType: 'EMAIL' },
    { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }, { name: 'note', kind: 'tag', type: 'text' }
  ]
}

t.test('a file becomes rows, users and effective values', async (t) => {
  const database = await openTestDatabase(t)
  const { runId, sourceId } = await seed(database, shop, [
    'no,mobile,name,sex,likes,value,seen',
    'A1,13812345678,王晓敏,女,tea|hiking|tea,"12,480.00",2026-11-16 18:20:00',
    'A2,,Olivia,F,,,2026-01-02',
    'A3,13990017742,Bad,M,x,abc,2024-02-30',
    'A1,1,again,M,x,1,2024-02-03',
    ',1,nokey,M,x,1,2024-02-03',
    'A4,+86 138-1234-5678,小王,unknown,  ,5,2026/03/04',
    'A5,1,short',
    'A6,13700000001,,,,,', 'A7,13700000002,Full,男,a,1,2026-01-01'
  ].join('\n'))
  const run = await database.db.selectFrom('import_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow()
  t.match(run, { rows_read: '9', rows_new: '5', rows_changed: '0', rows_rejected: '4', users_new: '5', users_joined: '0' })
  const rejected = await database.db.selectFrom('rejected_rows').selectAll().orderBy('line').execute()
  t.same(rejected.map((row) => [row.line, row.reason]), [['4', 'cell'], ['5', 'key_duplicate'], ['6', 'key_missing'], ['8', 'columns']])
  t.match(rejected[0]?.detail, 'value: “abc” is not a number; seen: “2024-02-30” is not a date or time')
  const source = await database.db.selectFrom('sources').selectAll().where('id', '=', sourceId).executeTakeFirstOrThrow()
  const { rows: values } = await database.pool.query(`select * from ${source.values_table} order by user_id`)
  const c = (await database.db.selectFrom('source_columns').select(['id', 'name']).where('source_id', '=', sourceId).execute()).map((column) => [column.name, `c${column.id}`])
  const at = Object.fromEntries(c)
  t.same(values[0][at.likes], ['tea', 'hiking'])
  t.equal(values[0][at.value], '12480.00')
  t.equal(values[0][at.seen].toISOString(), '2026-11-16T10:20:00.000Z')
  t.equal(values[1][at.likes], null)
})

t.test('rows that share a mobile become one user, and part again when the value goes', async (t) => {
  const database = await openTestDatabase(t)
  await seed(database, shop, ['no,mobile,name,sex,likes,value,seen', 'A1,13812345678,Wang,F,tea,1,2026-01-01', 'A2,13800000001,Li,M,tea,1,2026-01-01'].join('\n'))
  const { runId } = await seed(database, web, ['id,phone,email,name,note', 'w1,13812345678,a@x.com,Wang W,hello', 'w2,8613800000001,b@x.com,,there', 'w3,,c@x.com,Carl,three'].join('\n'))
  t.match(await database.db.selectFrom('import_runs').selectAll().where('id', '=', runId).executeTakeFirstOrThrow(), { users_new: '1', users_joined: '0' })
  t.same((await database.pool.query('select row_number, user_id from row_aliases order by 1')).rows, [{ row_number: '3', user_id: '1' }, { row_number: '4', user_id: '2' }])
  const users = async () => (await database.pool.query(`select user_id, source_id, a1 from ${(await database.db.selectFrom('catalog_state').selectAll().executeTakeFirstOrThrow()).users_table} order by user_id`)).rows
  t.same((await users()).map((row) => [row.user_id, row.a1]), [['1', 'Wang W'], ['2', 'Li'], ['5', 'Carl']])
  const again = await seed(database, web, ['id,phone,email,name,note', 'w1,13999999999,a@x.com,Wang W,hello', 'w2,8613800000001,b@x.com,,there'].join('\n'))
  t.match(await database.db.selectFrom('import_runs').selectAll().where('id', '=', again.runId).executeTakeFirstOrThrow(), { rows_new: '0', rows_changed: '1', rows_unchanged: '1', users_split: '1' })
  t.same((await users()).map((row) => [row.user_id, row.a1]), [['1', 'Wang'], ['2', 'Li'], ['3', 'Wang W'], ['5', 'Carl']])
  const whole = await seed(database, web, ['id,phone,email,name,note', 'w3,13812345678,c@x.com,Carl,three'].join('\n'), { whole: true })
  t.match(await database.db.selectFrom('import_runs').selectAll().where('id', '=', whole.runId).executeTakeFirstOrThrow(), { rows_removed: '2', users_joined: '1' })
  t.same((await users()).map((row) => [row.user_id, row.a1]), [['1', 'Carl'], ['2', 'Li']])
  t.same((await database.pool.query('select row_number, anchor from removed_rows order by 1')).rows, [{ row_number: '3', anchor: null }, { row_number: '4', anchor: '2' }])
})
