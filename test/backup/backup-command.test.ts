import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { build, openTestDatabase } from '../helper.ts'
import { makeWorld } from '../users/world.ts'
import { backup, restore, root, run } from './program.ts'
import { folder } from './world.ts'

t.test('the backup command', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const files = await folder(t)
  const file = join(files, 'all.zip')
  const here = { DATABASE_URL: world.url, DATA_DIR: world.dataDir }
  const there = { DATABASE_URL: (await openTestDatabase(t, 'template0')).url, DATA_DIR: join(files, 'data') }

  await t.test('says how it is used', async (t) => {
    t.match(await run(t, backup, here), { status: 2, output: /The file is missing[^]*npm run backup -- FILE/ })
    t.match(await run(t, backup, here, 'a', 'b'), { status: 2, output: /One file/ })
    t.match(await run(t, restore, here), { status: 2, output: /The file is missing[^]*npm run restore -- FILE/ })
    t.match(await run(t, restore, here, join(files, 'no.zip')), { status: 1, output: /There is no file .+no\.zip\. Nothing was changed/ })
    t.match(await run(t, backup, there, file), { status: 1, output: /There is nothing to back up/ })
    t.match(await run(t, backup, { DATA_DIR: join(files, 'nowhere') }, file), { status: 1, output: /There is no database of a console in .+nowhere/ })
    t.same(await readdir(files), [], 'and nothing is made by asking')
  })

  await t.test('a backup names what it holds and what it does not', async (t) => {
    await writeFile(join(world.dataDir, 'erasure-key'), 'k'.repeat(43))
    const made = await run(t, backup, { ...here, AES_KEY: '0123456789ABCDEF', SESSION_SECRET: 's'.repeat(32) }, file)
    t.match(made, { status: 0, output: /Backed up “User 360” to .+all\.zip: [\d,]+ rows in \d+ tables, [\d.]+ kB/ })
    t.match(made.output, /HOLDS THE KEYS OF THE INSTALLATION \(erasure-key\) AND EVERYTHING[^]*stood in the environment: SESSION_SECRET and AES_KEY[^]*Not in it: uploads/)
    t.equal((await stat(file)).mode & 0o777, 0o600)
    t.match(await run(t, backup, here, file), { status: 1, output: /is there already\. Give another name, or --overwrite/ })
    t.match(await run(t, backup, here, file, '--overwrite', '--without-secrets'), { status: 0, output: /keys of the installation are not in it: restored elsewhere, two-step sign-in/ })
    t.match(await run(t, backup, here, file, '--overwrite'), { status: 0 })
  })

  await t.test('a full disk leaves no half file', async (t) => {
    const limited = join(files, 'limited.zip')
    const child = spawn('bash', ['-c', `ulimit -f 8; exec "${process.execPath}" "${join(root, backup)}" "${limited}"`], { cwd: root, env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...here }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stderr.on('data', (data: Buffer) => { output += data.toString() })
    t.same(await once(child, 'close'), [1, null])
    t.match(output, /No backup was written\. .*(EFBIG|disk is full)/)
    t.same((await readdir(files)).sort(), ['all.zip'])
  })
})
