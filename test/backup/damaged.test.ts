import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { migrationNames } from '../../src/db/migrate.ts'
import { BadBackup } from '../../src/restore/problem.ts'
import { openArchive } from '../../src/restore/read-archive.ts'
import { writeArchive } from '../../src/backup/write-archive.ts'
import { build } from '../helper.ts'
import { makeWorld } from '../users/world.ts'
import { tablesOf } from './everything.ts'
import { backUp, folder, restore } from './world.ts'

t.test('a file that is not as it was written is refused before anything is changed', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const files = await folder(t)
  const path = join(files, 'all.zip')
  await backUp(world, path)
  const whole = await readFile(path)
  const broken = join(files, 'broken.zip')
  const empty = await restore(t, path, { dataDir: join(files, 'data') })
  const tables = await tablesOf(empty.pool)
  const refused = async (bytes: Buffer, why: string) => {
    await writeFile(broken, bytes)
    await t.rejects(restore(t, broken, { dataDir: join(files, 'data'), into: empty, replace: true }), { name: 'BadBackup' }, why)
  }
  for (const part of [0, 0.3, 0.9]) await refused(whole.subarray(0, Math.floor(whole.length * part)), `cut off at ${part}`)
  await refused(whole.subarray(0, whole.length - 1), 'its last byte is missing')
  await refused(Buffer.from('PK, but no ZIP at all, of a length that could be one of a file'), 'no ZIP')
  // Wherever a byte of packed rows, of the manifest or of the directory differs, it is told.
  const archive = await openArchive(path)
  t.teardown(() => archive.close())
  for (let at = 40; at < whole.length - 22; at += Math.ceil(whole.length / 60)) {
    const changed = Buffer.from(whole)
    changed[at]! ^= 0x10
    await writeFile(broken, changed)
    // A byte of a header that nobody reads may differ: then every row must still be what was written.
    await restore(t, broken, { dataDir: join(files, 'data'), into: empty, replace: true }).then(async () => {
      t.equal((await empty.pool.query<{ count: string }>('select count(*) from sources')).rows[0]!.count, '2', `byte ${at} is of no matter`)
    }, (error: unknown) => { t.ok(error instanceof BadBackup, `byte ${at}: ${String(error)}`) })
  }
  t.same(await tablesOf(empty.pool), tables, 'everything stands as it stood')
})

t.test('a backup of a newer console is refused in words', async (t) => {
  const world = await build(t)
  const files = await folder(t)
  await backUp(world, join(files, 'all.zip'))
  const known = await migrationNames()
  await t.rejects(restore(t, join(files, 'all.zip'), { dataDir: files, known: known.slice(0, -1) }), { message: new RegExp(`written by a newer console: its schema is at ${known.at(-1)}, and this console knows up to ${known.at(-2)}`) })
})

t.test('rows do not come in where what stands there is not to be replaced', async (t) => {
  const world = await build(t)
  const files = await folder(t)
  await backUp(world, join(files, 'all.zip'))
  await t.rejects(restore(t, join(files, 'all.zip'), { dataDir: files, into: world }), { message: /not empty/ })
  t.equal((await world.pool.query('select from operators')).rowCount, 1)
})

t.test('nothing is left of a backup that fails half-way', async (t) => {
  const files = await folder(t)
  const path = join(files, 'all.zip')
  const failing = () => { const rows = new PassThrough(); rows.write('x'); setImmediate(() => rows.destroy(new Error('the server went away'))); return rows }
  await t.rejects(writeArchive(path, [{ name: 'a', open: failing }, { name: 'b', open: failing }]), { message: 'the server went away' })
  t.same(await readdir(files), [])
  await writeFile(path, 'the backup of yesterday')
  await t.rejects(writeArchive(path, [{ name: 'a', open: failing }]))
  t.equal(await readFile(path, 'utf8'), 'the backup of yesterday', 'and the one before it stays')
})

