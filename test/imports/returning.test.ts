import t from 'tap'
import { getCatalog } from '../../src/catalog/queries.ts'
import { tagTarget } from '../../src/catalog/target.ts'
import { decide } from '../../src/overrides/decide.ts'
import { openTestDatabase } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'

const web: SeedStructure = {
  alias: 'Web', key: { column: 'id' },
  columns: [{ name: 'id', kind: 'ignore', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'note', kind: 'tag', type: 'text' }]
}
const filler = Array.from({ length: 60 }, (_, index) => `f${index},,`)

t.test('a row that comes back takes its decisions with it, away from the user who held its number meanwhile', async (t) => {
  const database = await openTestDatabase(t)
  const { db, pool } = database
  const run = (rows: string[], whole = false) => seed(database, web, ['id,phone,note', ...rows, ...filler].join('\n'), { whole })
  await run(['w1,13812345678,', 'w2,13812345678,own'])
  const { id } = await db.insertInto('operators').values({ email: 'a@example.com', name: 'Lin', password_hash: '-' }).returning('id').executeTakeFirstOrThrow()
  const catalog = await getCatalog(db)
  const note = catalog.sources[0]!.columns.find((column) => column.name === 'note')!
  await decide(db, catalog, 'UTC', ['1'], [{ target: tagTarget(catalog, note.id)!, change: { mode: 'set', value: 'by hand' }, policy: 'keep', always: false }], { kind: 'edit', title: 'x', operator: { id, name: 'Lin' } })
  const shown = async () => (await pool.query(`select user_id, ${note.column} as note from ${(await getCatalog(db)).sources[0]!.valuesTable} where user_id < 3 order by 1`)).rows.map((row) => [row.user_id, row.note])
  t.same((await pool.query('select row_number from overrides')).rows, [{ row_number: '2' }], 'it stands under the row whose value it replaced')

  await run(['w1,13812345678,'], true)
  t.same(await shown(), [['1', 'by hand']], 'the number of the removed row stays with its last user')
  await run(['w1,13812345678,', 'w2,13900000001,own'])
  t.same(await shown(), [['1', null], ['2', 'by hand']])
})

t.test('what a run keeps to be taken back goes with the next run of its source that succeeds, and with no other', async (t) => {
  const database = await openTestDatabase(t)
  const { db, pool } = database
  const run = (rows: string[], whole = false) => seed(database, web, ['id,phone,note', ...rows].join('\n'), { whole })
  const kept = async () => (await pool.query('select id, before_kind, before_table from import_runs order by id')).rows.map((row) => [row.id, row.before_kind, row.before_table])
  const retired = async () => (await pool.query('select name from retired_tables order by 1')).rows.map((row) => row.name)
  await run(['w1,13800000001,a', ...filler])
  t.same(await kept(), [[1, 'first', null]])
  await run(['w1,13800000001,b', ...filler], true)
  t.same(await kept(), [[1, null, null], [2, 'rows', 'before_2']])
  await seed(database, { ...web, alias: 'Other' }, 'id,phone,note\nx,,\n')
  await t.rejects(run(['w1,13800000001,c', 'w2,broken', 'w3,broken', 'w4,broken']), { message: /more than half/ })
  t.same((await kept()).slice(0, 2), [[1, null, null], [2, 'rows', 'before_2']], 'a run of another source and one that stopped leave it')
  t.notOk((await retired()).includes('before_2'))
  await run(['w1,13800000001,b', ...filler])
  t.same((await kept()).at(-1)?.slice(1), ['none', null])
  t.ok((await retired()).includes('before_2'))
  const table = (await getCatalog(db)).sources[0]!.rowsTable
  await run(['w1,13800000001,d', ...filler.map((row) => `${row}x`)])
  t.same((await kept()).at(-1)?.slice(1), ['version', table])
  t.notOk((await retired()).includes(table), 'the version before is not retired')
  await db.updateTable('source_columns').set({ pending: JSON.stringify({ name: 'note', kind: 'tag', type: 'text', emptyValues: ['x'] }) }).where('name', '=', 'note').where('source_id', '=', 1).execute()
  await run(['w1,13800000001,d', ...filler])
  t.same((await kept()).at(-1)?.slice(1), ['structure', null])
  t.ok((await retired()).includes(table))
})
