import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import pg from 'pg'
import { buildApp, type AppSettings } from '../src/app.ts'
import type { Outside } from '../src/config.ts'
import { openDatabase, openPool, type Db } from '../src/db/database.ts'
import { handlers } from '../src/handlers.ts'
import { keySeal } from '../src/identities/key-seal.ts'
import { insertJob } from '../src/jobs/queries.ts'
import type { Queue } from '../src/jobs/queue.ts'
import { runJob } from '../src/jobs/run-job.ts'

type Test = { teardown(fn: () => unknown): unknown; name: string }

const adminUrl = process.env['TEST_DATABASE_URL']

export interface TestDatabase { url: string; pool: pg.Pool; db: Db }

/** A database of its own for this test file, cloned from the migrated template, or with nothing in it; dropped at the end. */
export async function openTestDatabase(t: Test, from: 'u360_template' | 'template0' = 'u360_template'): Promise<TestDatabase> {
  if (!adminUrl) throw new Error('TEST_DATABASE_URL is not set: run tests with `npm test` or `node test/run.ts test/<folder>`')
  const name = `u360_${createHash('sha256').update(`${process.argv[1]} ${t.name}`).digest('hex').slice(0, 12)}_${randomBytes(3).toString('hex')}`
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  await admin.query(`create database ${name} template ${from}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  const pool = openPool(url.href, { max: 6, name: basename(process.argv[1] ?? 'test') })
  t.teardown(async () => {
    await pool.end()
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.end()
  })
  return { url: url.href, pool, db: openDatabase(pool) }
}

/** As where none of the variables is set. */
export const nothingOutside: Outside = { smtpUrl: undefined, mailFrom: undefined, publicUrl: undefined, privateRanges: [] }

const sessionSecret = 'a secret that is long enough for the session'

/** Match keys as they stand in the addresses of test applications. */
export const seal = keySeal(sessionSecret)

export interface TestApp extends TestDatabase {
  app: FastifyInstance
  dataDir: string
  /** Runs every waiting job to its end, as the worker thread would. */
  runJobs(): Promise<void>
  /** Sends a request as the signed-in administrator, with the CSRF token for unsafe methods. */
  as(options: InjectOptions & { form?: Record<string, string | string[]> }): Promise<LightMyRequestResponse>
}

/** The whole application on a database of its own, with one administrator signed in (admin@example.com). */
export async function build(t: Test, settings: Partial<AppSettings> = {}): Promise<TestApp> {
  return buildOn(t, await openTestDatabase(t), settings)
}

/** The same on a database that may hold something: then the administrator is in it already. */
export async function buildOn(t: Test, database: TestDatabase, settings: Partial<AppSettings> = {}): Promise<TestApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'u360-test-'))
  const queue: Queue = { enqueue: insertJob, wake: async () => {}, stop: async () => {} }
  const app = await buildApp({
    pool: database.pool, queue, dataDir, sessionSecret, secureCookies: false, trustProxy: ['loopback'], production: false,
    aesKey: '0123456789ABCDEF', timeZone: 'Asia/Shanghai', mailer: null, outside: nothingOutside, publicUrl: null, setUpCode: null, logger: false, ...settings
  })
  await app.ready()
  t.teardown(async () => {
    await app.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  const session = await signIn(database.db, app)
  const log = { info() {}, error(data: object, text: string) { console.error(text, data) } }
  return {
    ...database, app, dataDir,
    async runJobs() {
      for (;;) {
        const next = await database.db.selectFrom('jobs').select('id').where('status', '=', 'waiting').orderBy('id').executeTakeFirst()
        if (!next) return
        await runJob({ pool: database.pool, dataDir, aesKey: '0123456789ABCDEF', timeZone: settings.timeZone ?? 'Asia/Shanghai', outside: settings.outside ?? nothingOutside, log }, handlers, next.id)
      }
    },
    as: (options) => send(app, session, options)
  }
}

interface Session { cookie: string; token: string }

function send(app: FastifyInstance, session: Session, { form, ...options }: InjectOptions & { form?: Record<string, string | string[]> }): Promise<LightMyRequestResponse> {
  const unsafe = options.method !== undefined && options.method !== 'GET' && options.method !== 'HEAD'
  const headers = { cookie: session.cookie, ...(unsafe ? { 'x-csrf-token': session.token } : {}), ...options.headers }
  if (!form) return app.inject({ ...options, headers })
  const fields = Object.entries(form).flatMap(([name, value]) => (Array.isArray(value) ? value.map((one) => [name, one]) : [[name, value]])) as [string, string][]
  return app.inject({ ...options, headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams(fields).toString() })
}

/** Signs in through the real page. The administrator is made with operators/passwords.ts, as the set-up page does. */
async function signIn(db: Db, app: FastifyInstance): Promise<Session> {
  const { hashPassword } = await import('../src/operators/passwords.ts')
  const password = 'correct horse battery'
  const { administratorRole, findAccount, insertOperator } = await import('../src/operators/queries.ts')
  if (await findAccount(db, 'admin@example.com')) return beginSession(app, 'admin@example.com', password)
  await insertOperator(db, { email: 'admin@example.com', name: 'Lin Yating', passwordHash: await hashPassword(password), mustChangePassword: false, roleIds: [await administratorRole(db)] })
  const session = await beginSession(app, 'admin@example.com', password)
  // The history of a test begins with the test.
  await db.deleteFrom('history_items').execute()
  await db.deleteFrom('history_entries').execute()
  return session
}

/** Sends requests as somebody who has an account, signed in through the real page. */
export async function signInAs(app: FastifyInstance, email: string, password: string): Promise<TestApp['as']> {
  const session = await beginSession(app, email, password)
  return (options) => send(app, session, options)
}

async function beginSession(app: FastifyInstance, email: string, password: string): Promise<Session> {
  const page = await app.inject({ url: '/sign-in' })
  const answer = await send(app, { cookie: cookieOf(page), token: tokenOf(page) }, { method: 'POST', url: '/sign-in', form: { email, password } })
  if (answer.statusCode !== 303) throw new Error(`signing in answered ${answer.statusCode}: ${answer.body.slice(0, 500)}`)
  const cookie = cookieOf(answer)
  return { cookie, token: tokenOf(await app.inject({ url: '/password', headers: { cookie } })) }
}

export function cookieOf(response: LightMyRequestResponse): string {
  return response.cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ')
}

export function tokenOf(response: LightMyRequestResponse): string {
  return /name="_csrf" value="([^"]+)"/.exec(response.body)?.[1] ?? ''
}
