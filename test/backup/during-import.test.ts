import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { build } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'
import { backUp, folder, restore } from './world.ts'

const members: SeedStructure = {
  alias: 'Members', key: { column: 'no', idType: 'ONEID' },
  columns: [{ name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }, { name: 'points', kind: 'tag', type: 'number' }]
}
const rows = 30_000
const file = (points: number) => ['no,mobile,name,points', ...Array.from({ length: rows }, (_, index) => `M${index},${13_000_000_000 + index},Name ${points},${points}`)].join('\n')

t.test('a backup while imports publish holds one moment, whichever it is', { timeout: 240_000 }, async (t) => {
  const world = await build(t)
  const files = await folder(t)
  await seed(world, members, file(0))
  let importing = true
  const imports = (async () => { for (let turn = 1; turn <= 6; turn++) await seed(world, members, file(turn)); importing = false })()
  const found = new Set<string>()
  for (let turn = 0; importing; turn++) {
    const path = join(files, `${turn}.zip`)
    // The first table is read long before the last one: runs publish in between.
    await backUp(world, path)
    const { pool } = await restore(t, path, { dataDir: join(files, 'data') })
    const { rows: [source] } = await pool.query<Record<string, string>>('select rows_table, values_table, identities_table, user_count, row_count from sources')
    const { rows: [state] } = await pool.query<Record<string, string>>('select users_table, user_count from catalog_state')
    const { rows: [column] } = await pool.query<{ id: number }>("select id from source_columns where name = 'points'")
    const { rows: told } = await pool.query<{ run: string }>("select count(*)::text as run from import_runs where rows_read is not null")
    const point = String(Number(told[0]!.run) - 1)
    t.match({ ...source, all: state!.user_count }, { user_count: String(rows), row_count: String(rows), all: String(rows) })
    const held = async (statement: string) => (await pool.query<{ value: string; count: string }>(statement)).rows
    t.same(await held(`select c${column!.id}::text as value, count(*) from ${source!.rows_table} group by 1`), [{ value: point, count: String(rows) }], `rows of run ${point}`)
    t.same(await held(`select c${column!.id}::text as value, count(*) from ${source!.values_table} group by 1`), [{ value: point, count: String(rows) }], 'the projection of the same run')
    t.same(await held(`select a1 as value, count(*) from ${state!.users_table} group by 1`), [{ value: `Name ${point}`, count: String(rows) }], 'and attributes of the same run')
    found.add(point)
    await delay(50)
  }
  await imports
  t.ok(found.size > 1, `states of several runs were found: ${[...found].join(', ')}`)
})
