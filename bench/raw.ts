import { createReadStream } from 'node:fs'
import { constants, setPriority } from 'node:os'
import pg from 'pg'
import { copyIn } from '../src/db/copy.ts'
import { openPool } from '../src/db/database.ts'
import { serverCpu } from './cpu.ts'
import { columns, keyColumn } from './people.ts'
import { secondsOf } from './timing.ts'

/** A database beside the console's, on the same server: one plain typed table, as somebody would make it by hand. */
export async function openRaw(url: string): Promise<pg.Pool> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  try {
    const { rowCount } = await admin.query(`select from pg_database where datname = 'bench_raw'`)
    if (!rowCount) await admin.query('create database bench_raw')
  } finally {
    await admin.end()
  }
  const raw = new URL(url)
  raw.pathname = '/bench_raw'
  return openPool(raw.href, { max: 12, name: 'bench-raw' })
}

/** Time by the clock, and processor time of the server and of the process that sends. */
export interface Cost { seconds: number; cpu: number }

/**
 * COPY of the file into a new typed table with its key, in one transaction, which lets the server leave out the log: the
 * quickest there is without dropping the key.
 */
export async function copyFile(raw: pg.Pool, path: string): Promise<Cost> {
  const client = await raw.connect()
  try {
    const definitions = columns.map(({ name, rawType }) => `${name} ${rawType}${name === keyColumn ? ' primary key' : ''}`)
    await client.query('drop table if exists people; checkpoint')
    await yieldAsImportsDo(client)
    const [server, own] = [await serverCpu(raw), process.cpuUsage()]
    const seconds = await secondsOf(async () => {
      await client.query('begin')
      await client.query(`create table people (${definitions.join(', ')})`)
      await copyIn(client, `copy people from stdin with (format csv, header, null '')`, createReadStream(path, { highWaterMark: 1024 * 1024 }))
      await client.query('commit')
    })
    const { user, system } = process.cpuUsage(own)
    return { seconds, cpu: await serverCpu(raw) - server + (user + system) / 1e6 }
  } finally {
    // Pages are measured on connections of ordinary priority.
    client.release(true)
  }
}

/** An import gives way to pages; beside other work on the machine a COPY that does not would be compared unfairly. */
async function yieldAsImportsDo(client: pg.PoolClient): Promise<void> {
  const { rows: [backend] } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  try {
    setPriority(backend?.pid ?? 0, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch { /* not ours to change, as for the import */ }
}

/** What the pages of the bare table need to be quick in the same places: the two filters that the console has an index for. */
export async function indexRaw(raw: pg.Pool): Promise<void> {
  await raw.query(`create index if not exists people_city on people (lower(city), ${keyColumn}); create index if not exists people_level on people (lower(level), ${keyColumn})`)
  await raw.query('vacuum analyze people')
}
