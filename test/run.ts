// Runs the tests: `npm test` for everything, `node test/run.ts test/users test/config.test.ts` for a part (then without
// type check and lint). Every file is a process of its own against one temporary PostgreSQL. Last line: "N passed, N failed".
// The files are started here and not by `tap run`, which only loads TypeScript after a build step inside node_modules.
import { spawn } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { startTestServer, type TestServer } from './postgres.ts'

const root = join(import.meta.dirname, '..')
const wanted = process.argv.slice(2)
const jobs = Number(process.env['TEST_JOBS'] ?? 2)
const fileTimeout = Number(process.env['TEST_TIMEOUT'] ?? 600) * 1000
const counts = { passed: 0, failed: 0 }
const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => { interrupted.abort() })

interface Outcome { output: string; status: number | null }

function run(command: string, args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const path = `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, PATH: path, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => { output += data.toString() })
    const end = (why: string) => { output += `\n${why}\n`; child.kill('SIGTERM'); setTimeout(() => child.kill('SIGKILL'), 10_000).unref() }
    const timer = setTimeout(() => { end(`ended after ${fileTimeout / 1000} s`) }, fileTimeout)
    const stop = () => { end('interrupted') }
    interrupted.signal.addEventListener('abort', stop)
    const done = (status: number | null) => { clearTimeout(timer); interrupted.signal.removeEventListener('abort', stop); resolve({ output, status }) }
    child.on('error', (error) => { output += error.message; done(null) })
    child.on('close', done)
  })
}

function report(name: string, passed: number, failed: number, milliseconds: number, details: string): void {
  counts.passed += passed
  counts.failed += failed
  console.log(`${failed ? 'FAILED' : 'ok'}  ${name}  ${passed} passed${failed ? `, ${failed} failed` : ''}  ${(milliseconds / 1000).toFixed(1)} s`)
  if (failed) console.log(details.replace(/^/gm, '    '))
}

async function check(name: string, command: string, args: string[]): Promise<void> {
  const begin = performance.now()
  const { output, status } = await run(command, args)
  report(name, status === 0 ? 1 : 0, status === 0 ? 0 : 1, performance.now() - begin, output)
}

async function testFile(file: string, url: string): Promise<void> {
  const begin = performance.now()
  const { output, status } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', file], { TEST_DATABASE_URL: url, TAP_TIMEOUT: '300', TAP_BAIL: '0' })
  // tap ends with a line such as "# { total: 19, pass: 18, fail: 1 }".
  const summary = output.match(/^# \{ total: .+\}$/gm)?.at(-1) ?? ''
  const count = (word: string) => Number(new RegExp(`${word}: (\\d+)`).exec(summary)?.[1] ?? 0)
  const broken = status !== 0 || count('total') === 0
  const failing = output.split('\n').filter((line) => line.trim() !== '' && !/^\s*(ok \d|1\.\.\d)/.test(line)).join('\n')
  for (const [, name, reason] of output.matchAll(/^ok \d+ - (.*?) # SKIP (.*)$/gm)) console.log(`skipped  ${relative(root, file)}  ${name}: ${reason}`)
  report(relative(root, file), count('pass'), broken ? Math.max(1, count('fail')) : count('fail'), performance.now() - begin, failing)
}

function filesOf(part: string): string[] {
  const path = join(root, relative(root, part))
  return statSync(path).isDirectory() ? globSync('**/*.test.ts', { cwd: path }).sort().map((name) => join(path, name)) : [path]
}

async function testFiles(url: string): Promise<void> {
  const files = (wanted.length ? wanted : ['test']).flatMap(filesOf)
  const next = async (): Promise<void> => {
    const file = files.shift()
    if (!file || interrupted.signal.aborted) return
    await testFile(file, url)
    return next()
  }
  await Promise.all(Array.from({ length: jobs }, next))
}

let server: TestServer | undefined
try {
  if (wanted.length === 0) {
    await check('type check', 'tsc', ['--noEmit'])
    await check('lint', 'oxlint', ['--deny-warnings'])
  }
  server = await startTestServer()
  await testFiles(server.url)
} catch (error) {
  counts.failed++
  console.log(error instanceof Error ? error.stack : error)
} finally {
  await server?.stop().catch((error: unknown) => { counts.failed++; console.log(error) })
}
if (interrupted.signal.aborted) counts.failed++
console.log(`${counts.passed} passed, ${counts.failed} failed`)
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1)
