import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import { installedBinaries, usableBinaries } from '../../src/db/embedded-binaries.ts'
import { DataInUse, startEmbedded, type EmbeddedOptions } from '../../src/db/embedded.ts'
import { isRunning } from '../../src/db/embedded-process.ts'

const root = process.getuid?.() === 0
const nobody = { uid: 65534, gid: 65534 }
const program = join(import.meta.dirname, 'embedded-child.ts')

function folder(t: Test, owner?: { uid: number; gid: number }): string {
  const path = mkdtempSync(join(tmpdir(), 'user-360-embedded-'))
  // Others may pass through, as in an ordinary place for a checkout.
  chmodSync(path, 0o711)
  if (owner) chownSync(path, owner.uid, owner.gid)
  t.teardown(() => { rmSync(path, { recursive: true, force: true }) })
  return join(path, 'data')
}

const start = (dataDir: string, options: Partial<EmbeddedOptions> = {}) => startEmbedded({ dataDir, log: () => {}, ...options })

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}

interface Report { postmaster: number; found: string; rows: number; uid: number }

async function child(dataDir: string, user?: { uid: number; gid: number }): Promise<{ process: ChildProcess; report: Report }> {
  const started = spawn(process.execPath, [program, dataDir], { ...user, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env['PATH'] } })
  const first = once(started.stdout!, 'data').then(([data]) => JSON.parse(String(data)) as Report)
  const early = once(started, 'exit').then(([code]) => { throw new Error(`the child ended with ${code}`) })
  early.catch(() => {})
  return { process: started, report: await Promise.race([first, early]) }
}

async function kill(child: ChildProcess, name: NodeJS.Signals): Promise<void> {
  const gone = once(child, 'exit')
  child.kill(name)
  await gone
}

const postmasterOf = (home: string) => Number(readFileSync(join(home, 'cluster/postmaster.pid'), 'utf8').split('\n')[0])

async function killingLosesNothing(t: Test, user?: { uid: number; gid: number }): Promise<void> {
  const dataDir = folder(t, user)
  const first = await child(dataDir, user)
  t.match(first.report, { found: 'started', rows: 1, uid: user?.uid ?? process.getuid?.() })
  await kill(first.process, 'SIGKILL')
  t.ok(isRunning(first.report.postmaster), 'the killed console leaves its server')

  const second = await child(dataDir, user)
  t.match(second.report, { found: 'adopted', postmaster: first.report.postmaster, rows: 2 }, 'the next start uses that one')
  process.kill(second.report.postmaster, 'SIGKILL')
  await kill(second.process, 'SIGTERM')

  const third = await child(dataDir, user)
  t.match(third.report, { found: 'started', rows: 3 }, 'a killed server is started again')
  await Promise.all([kill(third.process, 'SIGKILL'), process.kill(third.report.postmaster, 'SIGKILL')])

  const fourth = await child(dataDir, user)
  t.match(fourth.report, { found: 'started', rows: 4 }, 'and so it is when both were killed')
  t.equal(postmasterOf(join(dataDir, 'postgres')), fourth.report.postmaster)
  await kill(fourth.process, 'SIGTERM')
  // The console ends once its server has closed the data; the process itself may take a moment longer to be gone.
  for (let tries = 0; tries < 100 && isRunning(fourth.report.postmaster); tries++) await delay(50)
  t.notOk(isRunning(fourth.report.postmaster), 'ending the console ends the server')
}

t.test('what was committed outlives SIGKILL of the console, of the server, and of both', (t) => killingLosesNothing(t))

t.test('the same as an ordinary user', async (t) => {
  if (!root) return t.pass('this whole run is by an ordinary user')
  if (spawnSync(process.execPath, ['--check', program], { ...nobody, cwd: '/' }).status !== 0) return t.pass('the checkout lies where an ordinary user may not enter')
  await killingLosesNothing(t, nobody)
})

t.test('a second start works, and the password is nobody else\'s to read', async (t) => {
  const dataDir = folder(t)
  const first = await start(dataDir)
  t.equal(statSync(join(dataDir, 'postgres.json')).mode & 0o777, 0o600)
  const [facts] = await ask(first.url, `select current_setting('fsync') || current_setting('synchronous_commit') || current_setting('wal_level') as safety, current_setting('server_version_num')::int / 10000 as major,
    (select datcollate || pg_encoding_to_char(encoding) || datlocale from pg_database where datname = current_database()) as locale, 'ä' < 'b' collate "zh-x-icu" as icu`)
  t.same(facts, { safety: 'ononminimal', major: 18, locale: 'CUTF8C.UTF-8', icu: true })
  await t.rejects(ask(first.url.replace(/:[^:@]+@/, ':wrong@'), 'select'), { code: '28P01' })
  await first.stop()
  await first.stop()
  const second = await start(dataDir)
  await second.stop()
})

t.test('two consoles never share a data folder, but a command may borrow the database', async (t) => {
  const dataDir = folder(t)
  const first = await start(dataDir)
  await t.rejects(start(dataDir), DataInUse)
  await t.rejects(start(dataDir), { message: new RegExp(`is in use by process ${process.pid} \\(.+\\). Stop that one first`) })
  const lent = await start(dataDir, { share: true })
  t.match(lent, { found: 'lent', pid: first.pid, url: first.url })
  await lent.stop()
  t.ok(isRunning(first.pid), 'and leaves it running')
  await first.stop()
})

t.test('a number in postmaster.pid that belongs to another process by now keeps nothing from starting', async (t) => {
  const dataDir = folder(t)
  await (await start(dataDir)).stop()
  const stale = [process.pid, join(dataDir, 'postgres/cluster'), 1, 5432, join(dataDir, 'postgres/sockets'), '', '', 'ready   ', ''].join('\n')
  writeFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), stale)
  writeFileSync(join(dataDir, 'postgres/sockets/.s.PGSQL.5432.lock'), stale)
  writeFileSync(join(dataDir, 'postgres.owner'), JSON.stringify({ pid: process.pid, birth: 'before' }))
  const again = await start(dataDir)
  t.equal(again.found, 'started')
  await again.stop()
})

t.test('a server that runs with other settings is started again', async (t) => {
  const dataDir = folder(t)
  const first = await child(dataDir)
  await kill(first.process, 'SIGKILL')
  const port = 20000 + (process.pid % 20000)
  const second = await start(dataDir, { port })
  t.equal(second.found, 'started')
  t.notOk(isRunning(first.report.postmaster))
  t.match(second.url, `@127.0.0.1:${port}/`)
  t.same(await ask(second.url, 'select count(*)::int from kept'), [{ count: 1 }])
  const lent = await start(dataDir, { share: true })
  t.equal(lent.url, second.url)
  await second.stop()
})

t.test('a start that fails says why', async (t) => {
  const dataDir = folder(t)
  await (await start(dataDir)).stop()
  writeFileSync(join(dataDir, 'postgres/local.conf'), "shared_buffers = 'plenty'\n")
  await t.rejects(start(dataDir), { message: /did not start[^]+invalid value for parameter "shared_buffers": "plenty"/ })
  rmSync(join(dataDir, 'postgres/local.conf'))
  writeFileSync(join(dataDir, 'postgres/cluster/PG_VERSION'), '17\n')
  await t.rejects(start(dataDir), { message: /was made by PostgreSQL 17, this console brings 18/ })
  writeFileSync(join(dataDir, 'postgres/cluster/PG_VERSION'), '18\n')
  rmSync(join(dataDir, 'postgres.json'))
  await t.rejects(start(dataDir), { message: /postgres.json with the password of the database .+ is missing/ })
})

t.test('a server that goes away by itself is reported', async (t) => {
  const dataDir = folder(t)
  let reported = 0
  const server = await start(dataDir, { onLost: () => { reported++ } })
  process.kill(server.pid, 'SIGKILL')
  await new Promise((resolve) => { setTimeout(resolve, 300) })
  t.equal(reported, 1)
  await server.stop()
})

t.test('a long path still gets a socket', async (t) => {
  const dataDir = join(folder(t), 'a folder with a long name and spaces'.repeat(3))
  const server = await start(dataDir)
  const kept = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')) as { sockets: string }
  t.teardown(() => { rmSync(kept.sockets, { recursive: true, force: true }) })
  t.match(kept.sockets, /^\/tmp\/user-360-/)
  t.same(await ask(server.url, 'select 1 as one'), [{ one: 1 }])
  await server.stop()
})

t.test('root may keep its data where PostgreSQL\'s user cannot enter', async (t) => {
  if (!root) return t.pass('not root')
  const dataDir = folder(t)
  chmodSync(join(dataDir, '..'), 0o700)
  const server = await start(dataDir)
  const kept = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')) as { folder: string }
  t.teardown(() => { rmSync(kept.folder, { recursive: true, force: true }) })
  t.match(kept.folder, /^\/var\/lib\/user-360\//)
  t.notOk(existsSync(join(dataDir, 'postgres')))
  await server.stop()
  const again = await start(dataDir)
  t.same(await ask(again.url, 'select 1 as one'), [{ one: 1 }])
  await again.stop()
})

t.test('programs that the server\'s user cannot reach, or whose links are missing, are copied once', async (t) => {
  const dataDir = folder(t)
  const installed = installedBinaries()
  mkdirSync(join(dataDir, 'closed/native'), { recursive: true })
  cpSync(installed.folder, join(dataDir, 'closed/native'), { recursive: true, verbatimSymlinks: true, filter: (path) => !/libxml2|libicu\w+\.so\.60$/.test(path) || statSync(path).isDirectory() })
  cpSync(join(installed.folder, 'lib/libxml2.so.2'), join(dataDir, 'closed/native/lib/libxml2.so.2'))
  mkdirSync(join(dataDir, 'copies'))
  chmodSync(join(dataDir, 'closed'), 0o700)
  const closed = { folder: join(dataDir, 'closed/native'), version: installed.version }
  const usable = await usableBinaries(closed, root ? { name: 'nobody', ids: nobody } : undefined, join(dataDir, 'copies'))
  t.equal(usable, root ? join(dataDir, 'copies', `postgresql-${installed.version}`) : closed.folder)
  t.same(readdirSync(join(dataDir, 'copies')), root ? [`postgresql-${installed.version}`] : [])
  t.equal(await usableBinaries(closed, root ? { name: 'nobody', ids: nobody } : undefined, join(dataDir, 'copies')), usable)
})
