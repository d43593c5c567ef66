import { join } from 'node:path'
import t from 'tap'
import { build, openTestDatabase } from '../helper.ts'
import { makeWorld } from '../users/world.ts'
import { backup, restore, run, serving, start } from './program.ts'
import { backUp, folder } from './world.ts'

t.test('while a console runs, a backup works and a restore is refused', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const files = await folder(t)
  const file = join(files, 'all.zip')
  await backUp(world, file)
  const empty = await openTestDatabase(t, 'template0')
  const there = { DATABASE_URL: empty.url, DATA_DIR: join(files, 'data') }
  t.match(await run(t, restore, there, file), { status: 0 })
  const console = start(t, 'src/server.ts', there)
  await serving(console)
  t.match(await run(t, backup, there, join(files, 'running.zip')), { status: 0 })
  t.match(await run(t, restore, there, file, '--replace', '--yes'), { status: 1, output: /Another console is running on this database\. Stop it first/ })
  console.child.kill('SIGTERM')
  t.equal(await console.ended, 0)
  t.match(await run(t, restore, there, file, '--replace', '--yes'), { status: 0 })
  t.same((await empty.pool.query("select to_regnamespace('pgboss') as queue")).rows, [{ queue: null }], 'the queue is made anew by the next start')
  const again = start(t, 'src/server.ts', there)
  await serving(again)
  again.child.kill('SIGTERM')
  t.equal(await again.ended, 0)
})
