import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import type { Db } from './database.ts'

/** Another console serves this database. */
export class ConsoleRunning extends Error {
  constructor() {
    super('Another console is running on this database. Stop it first: two would run the same jobs.')
    this.name = 'ConsoleRunning'
  }
}

// 'u360', 'main': names no other program is likely to lock.
const statement = "select pg_try_advisory_lock(hashtext('user-360'), hashtext('console')) as held"

/** Does a console serve this database at the moment? Looks, and takes nothing: two who ask at once must not take each other for one. */
export async function isConsoleRunning(db: Db): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`select exists (select from pg_locks l join pg_database d on d.oid = l.database where l.locktype = 'advisory' and l.granted and d.datname = current_database()
    and l.classid = hashtext('user-360')::oid and l.objid = hashtext('console')::oid and l.objsubid = 2) as held`.execute(db)
  return rows[0]?.held ?? false
}

/**
 * Makes this the only console on a database, for as long as one connection lives. PostgreSQL gives the lock free when the
 * process dies, however it dies. `onTaken` is called if the connection breaks and another console is quicker to come back.
 */
export async function takeConsoleLock(url: string, onTaken: () => void): Promise<{ release(): Promise<void> }> {
  let client: pg.Client | undefined
  let released = false
  const take = async (): Promise<boolean> => {
    const next = new pg.Client({ connectionString: url, application_name: 'user-360-console', keepAlive: true })
    next.on('error', () => {})
    await next.connect()
    const { rows } = await next.query<{ held: boolean }>(statement)
    if (!rows[0]?.held) {
      await next.end()
      return false
    }
    client = next
    next.once('end', () => { if (!released) void takeAgain() })
    return true
  }
  // A server that restarts drops the connection; the killed predecessor's lock may take seconds to go.
  const takeAgain = async (): Promise<void> => {
    for (let refused = 0; !released && refused < 15; await sleep(1000)) {
      const held = await take().catch(() => undefined)
      if (held) return
      if (held === false) refused++
    }
    if (!released) onTaken()
  }
  for (let attempt = 1; !(await take()); attempt++) {
    if (attempt === 3) throw new ConsoleRunning()
    await sleep(700)
  }
  return { async release() { released = true; await client?.end().catch(() => {}) } }
}
