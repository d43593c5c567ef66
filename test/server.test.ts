import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openTestDatabase } from './helper.ts'

const root = join(import.meta.dirname, '..')

interface Program { process: ChildProcess; output: () => string; line(text: RegExp): Promise<RegExpExecArray>; ended: Promise<number | null> }

function run(t: Test, program: string, env: Record<string, string>, args: string[] = []): Program {
  const child = spawn(process.execPath, [join(root, program), ...args], { cwd: root, env: { PATH: process.env['PATH'], PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => { child.kill('SIGKILL') })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => { text += data.toString() })
  const ended = once(child, 'close').then(([status]) => status as number | null)
  return {
    process: child, ended, output: () => text,
    async line(wanted) {
      for (;;) {
        const found = wanted.exec(text)
        if (found) return found
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`ended without saying ${String(wanted)}:\n${text}`)
        await new Promise((resolve) => { setTimeout(resolve, 30) })
      }
    }
  }
}

function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'user-360-server-'))
  chmodSync(path, 0o711)
  t.teardown(() => { rmSync(path, { recursive: true, force: true }) })
  return join(path, 'data')
}

async function setUp(address: string, code: string): Promise<number> {
  const page = await fetch(`${address}/set-up`)
  const cookie = page.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ')
  const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const body = new URLSearchParams({ _csrf: token, code, installation: 'Tea', name: 'Chen Wei', email: 'chen@example.com', password: 'six green cups of tea' })
  return (await fetch(`${address}/set-up`, { method: 'POST', body, headers: { cookie }, redirect: 'manual' })).status
}

t.test('from the first start to the next ones', async (t) => {
  const dataDir = folder(t)
  const first = run(t, 'src/server.ts', { DATA_DIR: dataDir })
  const [, address, code] = await first.line(/Open (\S+)\/set-up and enter the one-time code ([a-z0-9-]+)/) as unknown as [string, string, string]
  t.equal((await fetch(`${address}/healthz`)).status, 200)
  t.equal(await setUp(address, 'guess'), 422)
  t.equal(await setUp(address, code), 303)
  t.equal(statSync(join(dataDir, 'session-secret')).mode & 0o777, 0o600)

  const second = run(t, 'src/server.ts', { DATA_DIR: dataDir })
  t.equal(await second.ended, 1)
  t.match(second.output(), /is in use by process \d+ .+ Stop that one first/)
  t.equal((await fetch(`${address}/healthz`)).status, 200, 'a refused second console does the first no harm')

  const command = run(t, 'src/operators/cli.ts', { DATA_DIR: dataDir }, ['reset', 'chen@example.com'])
  t.equal(await command.ended, 0)
  t.match(command.output(), /One-time password of chen@example.com: [a-z0-9-]{19}\n/, 'a command works beside the console')
  t.equal((await fetch(`${address}/healthz`)).status, 200)

  first.process.kill('SIGKILL')
  await first.ended
  const third = run(t, 'src/server.ts', { DATA_DIR: dataDir })
  const [, again] = await third.line(/Listening at (http:[^"]+)/) as unknown as [string, string]
  t.match(third.output(), 'still running and is used again')
  t.equal((await fetch(`${again}/set-up`, { redirect: 'manual' })).headers.get('location'), '/sign-in', 'what was set up is kept')
  third.process.kill('SIGINT')
  third.process.kill('SIGINT')
  t.equal(await third.ended, 0, 'Ctrl-C ends it in order, also when it arrives twice')

  const alone = run(t, 'src/operators/cli.ts', { DATA_DIR: dataDir }, ['add', 'new@example.com', '--name', 'New'])
  t.equal(await alone.ended, 0, 'and without a console')
})

t.test('a database of one\'s own is served by one console at a time', async (t) => {
  const { url, db } = await openTestDatabase(t)
  const env = { DATABASE_URL: url, DATA_DIR: folder(t) }
  const first = run(t, 'src/server.ts', env)
  await first.line(/Listening at/)
  const second = run(t, 'src/server.ts', { ...env, DATA_DIR: folder(t) })
  t.equal(await second.ended, 1)
  t.match(second.output(), /Another console is running on this database/)
  first.process.kill('SIGKILL')
  await first.ended
  const third = run(t, 'src/server.ts', env)
  await third.line(/Listening at/)
  t.pass('a killed console does not keep the next from starting')
  third.process.kill('SIGTERM')
  t.equal(await third.ended, 0)
  t.equal((await db.selectFrom('operators').selectAll().execute()).length, 0)
})

t.test('mistakes end the start, in words', async (t) => {
  const wrong = run(t, 'src/server.ts', { PORT: 'eighty', TZ: 'Mars', DATABASE_URL: 'x' })
  t.equal(await wrong.ended, 1)
  t.match(wrong.output(), /^The configuration has 3 problems:\n {2}- DATABASE_URL: .+\n {2}- PORT: .+\n {2}- TZ: .+\n$/)
  const unreachable = run(t, 'src/server.ts', { DATABASE_URL: 'postgres://a:secret@127.0.0.1:1/x', DATA_DIR: folder(t) })
  t.equal(await unreachable.ended, 1)
  t.match(unreachable.output(), /The database cannot be reached: .+Check DATABASE_URL/)
  t.notMatch(unreachable.output(), 'secret')
  const usage = run(t, 'src/operators/cli.ts', {}, ['remove', 'chen@example.com'])
  t.equal(await usage.ended, 2)
  t.match(usage.output(), 'npm run operators -- add EMAIL')
})

t.test('the demo signs in with what it prints, also at the second start', async (t) => {
  const dataDir = folder(t)
  for (let start = 1; start <= 2; start++) {
    const demo = run(t, 'src/demo/main.ts', { DEMO_DATA_DIR: dataDir })
    const [, address, email, password] = await demo.line(/Address +(\S+)\n +E-mail +(\S+)\n +Password +(\S+)\n/) as unknown as [string, string, string, string]
    const page = await fetch(`${address}/sign-in`)
    const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
    const cookie = page.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ')
    const answer = await fetch(`${address}/sign-in`, { method: 'POST', body: new URLSearchParams({ _csrf: token, email, password }), headers: { cookie }, redirect: 'manual' })
    t.equal(answer.status, 303)
    demo.process.kill('SIGTERM')
    t.equal(await demo.ended, 0)
  }
})
