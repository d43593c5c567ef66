import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import pg from 'pg'
import { installedBinaries, usableBinaries, type Binaries } from './embedded-binaries.ts'
import { openHome, writeWhole, type Home } from './embedded-home.ts'
import { becomeOwner, DataInUse, findOwner } from './embedded-owner.ts'
import { isRunning } from './embedded-process.ts'
import { clearLeftovers, clusterVersion, findPostmaster, makeCluster, startPostmaster, stopPostmaster } from './embedded-server.ts'
import { serverConfiguration, thisMachine } from './embedded-settings.ts'

export { DataInUse }

export interface EmbeddedOptions {
  dataDir: string
  log: (message: string) => void
  /** Listen on this port of the loopback address instead of a socket. */
  port?: number
  /** False for tests only: a power cut may lose the data. */
  durable?: boolean
  /** Use the server of a console that runs on the same data, and leave it running; for commands beside a console. */
  share?: boolean
  /** Called when the server ends without being asked to. */
  onLost?: () => void
}

export interface Embedded {
  url: string
  pid: number
  /** How we came by the server: started now, found running after a killed console, or lent by a running console. */
  found: 'started' | 'adopted' | 'lent'
  /** Ends the server if it is ours, and gives the data folder free. Never fails because the server is gone. */
  stop(): Promise<void>
}

/** A real PostgreSQL of our own under a data folder; survives being killed at any moment. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const dataDir = resolve(options.dataDir)
  try {
    const home = await openHome(dataDir)
    const lender = options.share ? await findOwner(dataDir) : undefined
    if (lender) return await borrow(home, dataDir, options)
    const release = await becomeOwner(dataDir)
    try {
      return await run(home, options, release)
    } catch (error) {
      release()
      throw error
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EPERM') throw new Error(`The data folder ${dataDir} belongs to another user (${message}). Start as the user who started first, or give another DATA_DIR.`, { cause: error })
    throw error
  }
}

async function run(home: Home, options: EmbeddedOptions, release: () => void): Promise<Embedded> {
  const installed = installedBinaries()
  const binaries = await usableBinaries(installed, home.user, dirname(home.folder))
  const configuration = serverConfiguration({ name: home.name, socketFolder: home.sockets, port: options.port, durable: options.durable ?? true }, thisMachine())
  const url = urlOf(home, options.port)
  const adopted = await adopt(home, configuration, installed, options)
  if (adopted !== undefined) {
    const timer = setInterval(() => { if (!isRunning(adopted)) lost() }, 2000).unref()
    const lost = () => { clearInterval(timer); options.onLost?.() }
    return { url, pid: adopted, found: 'adopted', stop: once(async () => { clearInterval(timer); await stopPostmaster(adopted); release() }) }
  }
  await clearLeftovers(home)
  await prepareCluster(home, binaries, installed, options)
  await writeWhole(home.configuration, configuration, 0o644)
  const child = await startPostmaster(home, binaries, options.log)
  const pid = child.pid as number
  try {
    await makeDatabase(home, options.port)
  } catch (error) {
    await stopPostmaster(pid)
    throw error
  }
  const onExit = () => options.onLost?.()
  child.once('exit', onExit)
  return { url, pid, found: 'started', stop: once(async () => { child.off('exit', onExit); await stopPostmaster(pid); release() }) }
}

async function prepareCluster(home: Home, binaries: string, installed: Binaries, options: EmbeddedOptions): Promise<void> {
  const version = clusterVersion(home)
  const major = installed.version.split('.')[0]
  if (version !== undefined && version !== major) throw new Error(`The database in ${home.cluster} was made by PostgreSQL ${version}, this console brings ${major}. Dump it with the console that made it, then restore it into an empty data folder.`)
  if (version !== undefined) return
  options.log(`Making the database in ${home.folder}${home.user ? `, run by the system user ${home.user.name}` : ''}`)
  await makeCluster(home, binaries)
}

/** The number of a server that a killed console left, when it is healthy and runs as we would start it; otherwise it is ended. */
async function adopt(home: Home, configuration: string, installed: Binaries, options: EmbeddedOptions): Promise<number | undefined> {
  const pid = findPostmaster(home)
  if (pid === undefined) return undefined
  const same = (await readFile(home.configuration, 'utf8').catch(() => '')) === configuration
  const version = same ? await versionOf(urlOf(home, options.port)) : undefined
  if (version !== undefined && installed.version.startsWith(`${version}.`)) {
    options.log('The database server was still running and is used again')
    return pid
  }
  options.log('A database server of an earlier start is still running; ending it')
  await stopPostmaster(pid)
  return undefined
}

async function borrow(home: Home, dataDir: string, options: EmbeddedOptions): Promise<Embedded> {
  const pid = findPostmaster(home)
  const port = /^port = '(\d+)'$/m.exec(await readFile(home.configuration, 'utf8'))?.[1]
  const url = urlOf(home, port === '5432' ? undefined : Number(port))
  if (pid === undefined || (await versionOf(url)) === undefined) throw new Error(`The console on ${dataDir} is just starting or ending. Try again in a few seconds.`)
  options.log('Using the database of the running console')
  return { url, pid, found: 'lent', stop: async () => {} }
}

function urlOf(home: Home, port: number | undefined, database = 'user360'): string {
  const place = port === undefined ? `localhost/${database}?host=${encodeURIComponent(home.sockets)}` : `127.0.0.1:${port}/${database}`
  return `postgres://user360:${home.password}@${place}`
}

async function versionOf(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 5000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ version: string }>("select current_setting('server_version') as version")
    return rows[0]?.version
  } catch {
    return undefined
  } finally {
    await client.end().catch(() => {})
  }
}

async function makeDatabase(home: Home, port: number | undefined): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(home, port, 'postgres') })
  await client.connect()
  try {
    const { rowCount } = await client.query("select from pg_database where datname = 'user360'")
    if (!rowCount) await client.query('create database user360')
  } finally {
    await client.end()
  }
}

function once(act: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => (running ??= act())
}
