import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { migrationNames } from '../../src/db/migrate.ts'
import { migrate } from '../../src/db/open-runtime.ts'
import { takeConsoleLock } from '../../src/db/console-lock.ts'
import { openTestDatabase } from '../helper.ts'

const root = join(import.meta.dirname, '../..')

/** A program on a database, and what it said when it ended. */
async function run(t: Test, url: string, program: string, args: string[] = []): Promise<{ status: number | null; output: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'user-360-schema-'))
  t.teardown(() => { rmSync(dataDir, { recursive: true, force: true }) })
  const child = spawn(process.execPath, [join(root, program), ...args], { cwd: root, env: { PATH: process.env['PATH'], PORT: '0', DATABASE_URL: url, DATA_DIR: dataDir }, stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => { child.kill('SIGKILL') })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => { output += data.toString() })
  const [status] = await once(child, 'close') as [number | null]
  return { status, output }
}

t.test('several starts at once bring an empty database up to date together', async (t) => {
  const { url, pool } = await openTestDatabase(t, 'template0')
  await Promise.all([1, 2, 3, 4].map(() => migrate(url)))
  const { rows } = await pool.query<{ name: string }>('select name from kysely_migration order by name')
  t.same(rows.map(({ name }) => name), await migrationNames(), 'each migration once')
  await migrate(url)
  t.pass('and once more changes nothing')
})

t.test('an older program refuses a newer schema, the console and every command, and changes nothing', async (t) => {
  const { url, pool } = await openTestDatabase(t)
  await pool.query(`insert into kysely_migration (name, timestamp) values ('9999_of_tomorrow', '2030-01-01T00:00:00Z'); create table of_tomorrow (id int)`)
  const state = async () => (await pool.query(`select (select string_agg(relname, ' ' order by relname) from pg_class where relnamespace = 'public'::regnamespace) as tables, (select count(*) from jobs) as jobs, (select count(*) from operators) as operators, (select string_agg(name, ' ') from kysely_migration) as migrations`)).rows
  const before = await state()
  await t.rejects(migrate(url), /changed by a newer console/)
  for (const [program, ...args] of [['src/server.ts'], ['src/operators/cli.ts', 'add', 'new@example.com', '--name', 'New'], ['src/projection/cli.ts'], ['src/erasure/cli.ts', '1', '--yes'], ['src/backup/cli.ts', join(tmpdir(), 'never-written.zip')]] as [string, ...string[]][]) {
    const { status, output } = await run(t, url, program, args)
    t.equal(status, 1, program)
    t.match(output, /changed by a newer console: its schema is at 9999_of_tomorrow, and this one knows up to \d{4}_\w+\. Update this console; nothing was changed\./, `${program} says what to do`)
    t.notMatch(output, /\n\s+at /, 'and not where in the code')
  }
  t.same(await state(), before)
})

t.test('a command leaves the schema of a running console alone, also where the console is older', async (t) => {
  const { url, pool } = await openTestDatabase(t)
  const last = (await migrationNames()).at(-1)
  await pool.query('delete from kysely_migration where name = $1', [last])
  const lock = await takeConsoleLock(url, () => {})
  const beside = await run(t, url, 'src/operators/cli.ts', ['add', 'new@example.com', '--name', 'New'])
  await lock.release()
  t.equal(beside.status, 1)
  t.match(beside.output, `The console that runs on this database is older than this command, which needs ${last}. Restart the console`)
  t.equal((await pool.query('select 1 from kysely_migration where name = $1', [last])).rowCount, 0)
})
