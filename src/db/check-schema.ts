import { sql } from 'kysely'
import { Conflict } from '../problem.ts'
import type { Db } from './database.ts'

/** The schema of the database and this program do not belong together; the message says what to do. */
export class SchemaMismatch extends Conflict {}

/**
 * Throws SchemaMismatch where a newer console has changed the database: what it added would be written past. With `current`, for a command
 * beside a running console, whose schema it must not change, also where migrations of `known` are missing.
 */
export async function checkSchema(db: Db, known: readonly string[], { current }: { current: boolean }): Promise<void> {
  const { rows: [found] } = await sql<{ held: boolean }>`select to_regclass('kysely_migration') is not null as held`.execute(db)
  const done = found?.held ? (await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)).rows.map(({ name }) => name) : []
  const newer = done.filter((name) => !known.includes(name))
  if (newer.length) throw new SchemaMismatch(`This database was changed by a newer console: its schema is at ${newer.at(-1)}, and this one knows up to ${known.at(-1)}. Update this console; nothing was changed.`)
  const missing = known.filter((name) => !done.includes(name))
  if (current && missing.length) throw new SchemaMismatch(`The console that runs on this database is older than this command, which needs ${missing[0]}. Restart the console with this version first; nothing was changed.`)
}
