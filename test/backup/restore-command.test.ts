import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { build, openTestDatabase } from '../helper.ts'
import { makeWorld } from '../users/world.ts'
import { restore, run } from './program.ts'
import { backUp, folder } from './world.ts'

t.test('the restore command', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const files = await folder(t)
  const file = join(files, 'all.zip')
  await writeFile(join(world.dataDir, 'erasure-key'), 'k'.repeat(43))
  await backUp(world, file)
  const empty = await openTestDatabase(t, 'template0')
  const there = { DATABASE_URL: empty.url, DATA_DIR: join(files, 'data') }

  await t.test('a restore brings it back into an empty database', async (t) => {
    const done = await run(t, restore, there, file)
    t.match(done, { status: 0, output: /Restored “User 360” as of [^]*Everybody has to sign in again[^]*ERASED AFTER THE BACKUP IS THERE AGAIN/ })
    t.same((await empty.pool.query('select user_count from catalog_state')).rows, [{ user_count: '5' }])
    t.equal((await stat(join(files, 'data/erasure-key'))).mode & 0o777, 0o600)
  })

  await t.test('and refuses one that holds something, unless it is told twice', async (t) => {
    t.match(await run(t, restore, there, file), { status: 1, output: /not empty: it holds “User 360” with 2 sources and 5 users\. [^]*--replace --yes/ })
    t.match(await run(t, restore, there, file, '--replace'), { status: 1, output: /To drop all of that for good, say --replace --yes/ })
    await empty.pool.query("delete from operators; update catalog_state set user_count = 99; create table more (x int); insert into more values (1)")
    t.match(await run(t, restore, there, file, '--replace', '--yes'), { status: 0 })
    t.equal((await empty.pool.query('select from operators')).rowCount, 1)
    t.equal((await empty.pool.query("select to_regclass('more') as more")).rows[0]!.more, null)
    await empty.pool.query('drop schema public cascade; create schema public; create table bookkeeping (x int)')
    t.match(await run(t, restore, there, file, '--replace', '--yes'), { status: 1, output: /holds what is of no console \(table bookkeeping\)/ })
    await empty.pool.query('drop table bookkeeping')
    await writeFile(join(files, 'data/erasure-key'), 'of another installation, which must not be lost')
    t.match(await run(t, restore, there, file), { status: 1, output: /holds other keys \(erasure-key\)/ })
    t.match(await run(t, restore, { ...there, DATA_DIR: join(files, 'third') }, file), { status: 0 })
  })
})
