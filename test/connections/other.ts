import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { TestApp } from '../helper.ts'

type Test = { teardown(fn: () => unknown): unknown }

/** Another database on the server of the tests, with a role that may only what it was granted. */
export interface Other {
  pool: pg.Pool
  role: string
  password: string
  /** The fields of the form of a connection to it. */
  form: Record<string, string>
}

export async function openOther(t: Test): Promise<Other> {
  const adminUrl = process.env['TEST_DATABASE_URL']
  if (!adminUrl) throw new Error('TEST_DATABASE_URL is not set')
  const name = `other_${randomBytes(6).toString('hex')}`
  // A name that needs its quotation marks.
  const role = `Reader "${name}"`
  const password = `p@ss word ${randomBytes(4).toString('hex')}`
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.query(`create role "${role.replaceAll('"', '""')}" login password '${password}'`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  const pool = new pg.Pool({ connectionString: url.href, max: 4 })
  pool.on('error', () => {})
  t.teardown(async () => {
    await pool.end()
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.query(`drop role "${role.replaceAll('"', '""')}"`)
    await admin.end()
  })
  const { host, port } = admin as unknown as { host: string; port: number }
  return { pool, role, password, form: { name: 'CRM', host, port: String(port), database: name, user: role, password } }
}

/** Saves the connection by its page and answers its id. */
export async function connect(app: Pick<TestApp, 'as'>, other: Other): Promise<number> {
  const answer = await app.as({ method: 'POST', url: '/settings/connections', form: other.form })
  if (answer.statusCode !== 303) throw new Error(`the connection was not saved: ${answer.statusCode}`)
  return Number(String(answer.headers.location).split('/').pop())
}
