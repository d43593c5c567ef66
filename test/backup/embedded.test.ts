import { chmod, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { openPool } from '../../src/db/database.ts'
import { startEmbedded } from '../../src/db/embedded.ts'
import { everything } from './everything.ts'
import { backup, restore, run, serving, start } from './program.ts'
import { folder } from './world.ts'

t.test('with the embedded database, beside a console and alone', async (t) => {
  const files = await folder(t)
  await chmod(files, 0o711)
  const here = { DATA_DIR: join(files, 'one') }
  const first = start(t, 'src/server.ts', here)
  await serving(first)
  t.match(await run(t, backup, here, join(files, 'running.zip')), { status: 0, output: /Using the database of the running console[^]*session-secret/ })
  t.match(await run(t, restore, here, join(files, 'running.zip'), '--replace', '--yes'), { status: 1, output: /is in use by process \d+ .+Stop that one first/ })
  first.child.kill('SIGTERM')
  t.equal(await first.ended, 0)
  t.match(await run(t, backup, here, join(files, 'stopped.zip')), { status: 0 })
  const there = { DATA_DIR: join(files, 'two') }
  t.match(await run(t, restore, there, join(files, 'stopped.zip')), { status: 0, output: /Restored/ })
  const read = async (dataDir: string) => {
    const server = await startEmbedded({ dataDir, log() {} })
    const pool = openPool(server.url, { max: 2 })
    try {
      return await everything(pool)
    } finally {
      await pool.end()
      await server.stop()
    }
  }
  t.same(await read(there.DATA_DIR), await read(here.DATA_DIR))
  t.same(await stat(join(files, 'two/session-secret')).then((found) => found.mode & 0o777), 0o600)
  const again = start(t, 'src/server.ts', there)
  await serving(again)
  again.child.kill('SIGTERM')
  t.equal(await again.ended, 0)
})
