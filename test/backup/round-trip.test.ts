import { statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { withoutRows } from '../../src/backup/manifest.ts'
import { buildOn } from '../helper.ts'
import { seed } from '../seed.ts'
import { usersOn } from '../users/world.ts'
import { everything, retiredOf, tablesOf } from './everything.ts'
import { emptyAgain } from './fill-empty.ts'
import { backUp, folder, openFullWorld, restore } from './world.ts'

/** Tables whose rows name files of the console. */
const withFiles = ['exports', 'push_runs']

/** What a restore changes on purpose. */
function forgotten(all: Awaited<ReturnType<typeof everything>>) {
  const rows = { ...(all['rows'] as Record<string, { count: string }>) }
  const gone = Object.fromEntries([...withoutRows].map((table) => [table, rows[table]?.count]))
  for (const table of [...withoutRows, ...withFiles]) delete rows[table]
  return { all: { ...all, rows }, gone }
}

t.test('a restored backup is what was backed up, in every row, table, index and sequence', async (t) => {
  const world = await openFullWorld(t)
  const files = await folder(t)
  const path = join(files, 'all.zip')
  // The erasure in it has deleted the files of exports.
  await world.pool.query(`update exports set file = 'export.zip'`)
  const before = await everything(world.pool)
  const { manifest, bytes } = await backUp(world, path)
  t.same(await everything(world.pool), before, 'a backup changes nothing')
  t.match(statSync(path), { size: bytes, mode: 0o100600 })
  const retired = await retiredOf(world.pool)
  t.same(manifest.tables.map(({ name }) => name).sort(), (await tablesOf(world.pool)).filter((name) => !retired.includes(name)).sort(), 'no table of the schema is missing')

  const dataDir = join(files, 'data')
  const restored = await restore(t, path, { dataDir })
  const after = await everything(restored.pool)
  t.match(forgotten(after).gone, Object.fromEntries([...withoutRows].map((table) => [table, '0'])), 'nobody is signed in, nothing waits')
  for (const part of Object.keys(before)) t.same(without(forgotten(after).all[part as 'rows'], retired), without(forgotten(before).all[part as 'rows'], retired), part)
  for (const table of withFiles) {
    const rows = (pool: typeof world.pool, but = '') => pool.query<{ row: { file: string | null } }>(`select to_jsonb(t) ${but} as row from ${table} t order by id`).then((answer) => answer.rows)
    t.ok((await rows(world.pool)).some(({ row }) => row.file), `a file is known to ${table}`)
    t.same(await rows(restored.pool), await rows(world.pool, `|| '{"file": null}'`), `${table} are as they were, without their files`)
  }
  t.equal(statSync(join(dataDir, 'erasure-key')).mode & 0o777, 0o600, 'the keys are back')

  await t.test('and can be backed up in turn', async (t) => {
    const next = join(files, 'next.zip')
    await backUp({ url: restored.url, dataDir }, next)
    const again = await restore(t, next, { dataDir })
    t.same(await everything(again.pool), after)
  })

  await t.test('and the console on it serves the same pages, takes an import, an edit and its undo', async (t) => {
    for (const { pool } of [world, restored]) await emptyAgain(pool, world.filled)
    await world.pool.query('update exports set file = null')
    const again = await buildOn(t, restored, { dataDir })
    for (const url of ['/users', '/users/1', '/users?id=13812345678', '/settings/sources', '/settings/id-types', '/settings/erasures', '/users/1?tab=history', '/settings/history/12', '/settings/exports', '/audiences']) {
      const [was, is] = await Promise.all([world.as({ url }), again.as({ url })])
      t.equal(was.statusCode, 200, url)
      t.equal(plain(is.body), plain(was.body), url)
    }
    const { runId } = await seed(again, { alias: 'Shop members', key: { column: 'no' }, columns: [] }, 'no,mobile,name,city,level,likes,value,updated\nM9,13900000009,新人,上海,Gold,tea,1,2026-06-01 10:00:00\nM4,13900000004,x,Köln,,coffee,-3.5,2026-06-05 10:00:00')
    t.match((await restored.pool.query('select rows_new, rows_changed from import_runs where id = $1', [runId])).rows, [{ rows_new: '1', rows_changed: '1' }])
    const [came] = usersOn(await again.as({ url: '/users?id=13900000009' }))
    t.ok(Number(came) > 7, 'numbers go on where they stood')
    const { rows: [column] } = await restored.pool.query<{ id: number; values_table: string }>("select c.id, s.values_table from source_columns c join sources s on s.id = c.source_id where c.name = 'value'")
    const value = async () => (await restored.pool.query<{ value: string }>(`select c${column!.id}::text as value from ${column!.values_table} where user_id = $1`, [came])).rows[0]?.value
    const version = /name="version" value="([^"]+)"/.exec((await again.as({ url: `/users/${came}/fields/tag:${column!.id}/edit` })).body)![1]!
    t.equal((await again.as({ method: 'POST', url: `/users/${came}/fields/tag:${column!.id}`, form: { value: '77', was: '1', version } })).statusCode, 303)
    t.equal(await value(), '77')
    const { rows: [entry] } = await restored.pool.query<{ id: string }>('select max(id)::text as id from history_entries')
    t.equal((await again.as({ method: 'POST', url: `/history/${entry!.id}/undo` })).statusCode, 303)
    t.equal(await value(), '1')
  })
})

const plain = (body: string) => body.replaceAll(/name="_csrf" value="[^"]+"|name="csrf-token" content="[^"]+"|"x-csrf-token":"[^"]+"|csrf[^>]*value="[^"]+"/g, '')

/** Without what belongs to tables that nobody reads any more. */
function without(part: Record<string, unknown>, retired: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(part).filter(([name]) => !retired.some((table) => name.startsWith(table))))
}
