import pg from 'pg'
import type { Config } from '../config.ts'
import { checkSchema } from './check-schema.ts'
import { isConsoleRunning, takeConsoleLock } from './console-lock.ts'
import { openDatabase, openPool } from './database.ts'
import { startEmbedded } from './embedded.ts'
import { migrateToLatest, migrationNames } from './migrate.ts'

export interface Runtime { url: string; stop(): Promise<void> }

export interface RuntimeOptions {
  /** The console itself: it must be the only one. Commands leave this out; they work beside a running console or alone. */
  console?: boolean
  /** False leaves the schema as it is: for a backup, which must not change anything, and before a restore, which brings its own. */
  migrate?: boolean
  /** Called when the database cannot be ours any longer: the embedded server died, or another console took over. */
  onLost?: (reason: string) => void
}

/**
 * The database as configured, reachable, recent enough and migrated: the server of DATABASE_URL, or the embedded one,
 * which is started, found again or, for a command beside a running console, borrowed. `stop` ends what was begun.
 */
export async function openRuntime(config: Pick<Config, 'databaseUrl' | 'dataDir'>, log: (message: string) => void, options: RuntimeOptions = {}): Promise<Runtime> {
  const opened = new AsyncDisposableStack()
  try {
    const embedded = config.databaseUrl === undefined
      ? await startEmbedded({ dataDir: config.dataDir, log, share: !options.console, onLost: () => options.onLost?.('The embedded database server has ended unexpectedly.') })
      : undefined
    if (embedded) opened.defer(() => embedded.stop())
    const url = config.databaseUrl ?? (embedded?.url as string)
    await checkServer(url)
    if (options.console) {
      const lock = await takeConsoleLock(url, () => options.onLost?.('Another console has taken over this database.'))
      opened.defer(() => lock.release())
    }
    // Beside a running console the schema is the console's business.
    if (options.migrate !== false) await bringUpToDate(url, { command: !options.console })
    return { url, stop: () => opened.disposeAsync() }
  } catch (error) {
    await opened.disposeAsync()
    throw error
  }
}

async function checkServer(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    throw new Error(`The database cannot be reached: ${(error as Error).message || (error as NodeJS.ErrnoException).code}. Check DATABASE_URL and that the server is running.`, { cause: error })
  }
  try {
    const { rows } = await client.query<{ version: number; encoding: string }>("select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding")
    const { version, encoding } = rows[0] as { version: number; encoding: string }
    if (version < 180_000) throw new Error(`The database server is PostgreSQL ${Math.floor(version / 10_000)}; version 18 or later is needed.`)
    if (encoding !== 'UTF8') throw new Error(`The database has the encoding ${encoding}; make one with UTF8: create database user360 encoding 'UTF8' template template0.`)
  } finally {
    await client.end()
  }
}

/** Brings the schema of a database up to date. Throws SchemaMismatch where a newer console was here. */
export async function migrate(url: string): Promise<void> {
  await bringUpToDate(url, { command: false })
}

async function bringUpToDate(url: string, { command }: { command: boolean }): Promise<void> {
  const db = openDatabase(openPool(url, { max: 1, name: 'user-360-migrate' }))
  try {
    const beside = command && await isConsoleRunning(db)
    await checkSchema(db, await migrationNames(), { current: beside })
    if (!beside) await migrateToLatest(db)
  } finally {
    await db.destroy()
  }
}
