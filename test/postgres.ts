import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { openDatabase, openPool } from '../src/db/database.ts'
import { startEmbedded } from '../src/db/embedded.ts'
import { isRunning } from '../src/db/embedded-process.ts'
import { migrateToLatest } from '../src/db/migrate.ts'

const prefix = 'user-360-tests-'
export const template = 'u360_template'

export interface TestServer { url: string; stop(): Promise<void> }

/** One temporary server for a run of tests, with the template that every test database is a copy of. */
export async function startTestServer(): Promise<TestServer> {
  await removeLeftovers()
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  // As root the server's user must be able to enter.
  chmodSync(folder, 0o711)
  const dataDir = join(folder, 'data')
  const server = await startEmbedded({ dataDir, log: () => {}, durable: false })
  const stop = async () => {
    await server.stop()
    discard(folder)
  }
  try {
    await makeTemplate(server.url)
  } catch (error) {
    await stop()
    throw error
  }
  return { url: server.url, stop }
}

async function makeTemplate(url: string): Promise<void> {
  const admin = openPool(url, { max: 1 })
  await admin.query(`create database ${template}`)
  await admin.end()
  const place = new URL(url)
  place.pathname = `/${template}`
  const db = openDatabase(openPool(place.href, { max: 1 }))
  try {
    await migrateToLatest(db)
  } finally {
    await db.destroy()
  }
}

/** Servers of runs that were killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    if (isRunning(Number(name.slice(prefix.length).split('-')[0]))) continue
    const folder = join(tmpdir(), name)
    await startEmbedded({ dataDir: join(folder, 'data'), log: () => {}, durable: false }).then((server) => server.stop(), () => {})
    discard(folder)
  }
}

function discard(folder: string): void {
  try {
    const kept = JSON.parse(readFileSync(join(folder, 'data/postgres.json'), 'utf8')) as { folder: string; sockets: string }
    for (const path of [kept.folder, kept.sockets]) if (isAbsolute(path)) rmSync(path, { recursive: true, force: true })
  } catch {
    // The server never came as far as that file.
  }
  rmSync(folder, { recursive: true, force: true })
}
