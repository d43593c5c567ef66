import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { openDatabase, openPool, type Db } from '../src/db/database.ts'
import { openRuntime } from '../src/db/open-runtime.ts'
import { openQueue, type Queue } from '../src/jobs/queue.ts'
import { hashPassword } from '../src/operators/passwords.ts'
import { administratorRole, insertOperator, isSetUp } from '../src/operators/queries.ts'

/** The console as people run it: a process of its own in production mode, with its embedded database, and our hands on both. */
export interface Console {
  pid: number
  address: string
  dataDir: string
  url: string
  pool: pg.Pool
  db: Db
  queue: Queue
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '..')
export const timeZone = 'Asia/Shanghai'

export async function startConsole(folder: string): Promise<Console> {
  const dataDir = join(folder, 'data')
  await mkdir(dataDir, { recursive: true })
  // PostgreSQL may run as another user, who must be able to enter.
  for (const path of [folder, dataDir]) await chmod(path, 0o711)
  const log = join(folder, 'console.log')
  const file = await open(log, 'w')
  const child = spawn(process.execPath, await startArguments(), {
    cwd: root, stdio: ['ignore', file.fd, file.fd],
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', DATA_DIR: dataDir, PORT: '0', HOST: '127.0.0.1', TZ: timeZone }
  })
  await file.close()
  const address = await addressIn(log, child)
  const { url } = await openRuntime({ databaseUrl: undefined, dataDir }, () => {})
  const pool = openPool(url, { max: 12, name: 'bench' })
  const db = openDatabase(pool)
  const queue = await openQueue(url, { error(data, text) { console.error(text, data) } })
  if (!(await isSetUp(db))) await insertOperator(db, { email, name: 'Bench', passwordHash: await hashPassword(password), mustChangePassword: false, roleIds: [await administratorRole(db)] })
  const stop = async () => {
    await queue.stop()
    await pool.end()
    child.kill('SIGTERM')
    if (child.exitCode === null) await once(child, 'exit')
  }
  return { pid: child.pid as number, address, dataDir, url, pool, db, queue, stop }
}

/** The command line of `npm start`, which sets how large the heap may grow. */
async function startArguments(): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
  return scripts.start.split(' ').slice(1)
}

const email = 'bench@example.com'
const password = 'one hundred thousand rows'

async function addressIn(log: string, child: ChildProcess): Promise<string> {
  for (;;) {
    const text = await readFile(log, 'utf8')
    const found = /Listening at (http:[^"]+)/.exec(text)?.[1]
    if (found) return found
    if (child.exitCode !== null) throw new Error(`The console did not start:\n${text}`)
    await sleep(50)
  }
}

/** Signs in through the page; answers the cookie of the session. */
export async function signIn(address: string, who: { email: string; password: string } = { email, password }): Promise<string> {
  const page = await fetch(`${address}/sign-in`)
  const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const answer = await fetch(`${address}/sign-in`, { method: 'POST', redirect: 'manual', headers: { cookie: cookiesOf(page) }, body: new URLSearchParams({ _csrf: token, ...who }) })
  if (answer.status !== 303) throw new Error(`Signing in answered ${answer.status}`)
  return cookiesOf(answer)
}

function cookiesOf(response: Response): string {
  return response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ')
}
