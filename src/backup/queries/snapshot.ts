import { sql } from 'kysely'
import type pg from 'pg'
import { onClient, type Db } from '../../db/database.ts'
import { inlineValues } from '../../db/inline-values.ts'
import { Conflict } from '../../problem.ts'
import { copySettings } from '../manifest.ts'

const attempts = 5

/**
 * Runs reads on one snapshot of all tables, each locked so that none can be dropped or get another shape meanwhile; rows are read and
 * written as ever. The locks are taken first: what the snapshot shows of the catalog then stays true. Where a read fails, the
 * transaction is left open, since the connection may be in the midst of a COPY.
 */
export async function onLockedSnapshot<T>(client: pg.PoolClient, read: (db: Db) => Promise<T>): Promise<T> {
  const db = onClient(client)
  for (let attempt = 1; !(await lockAll(db)); attempt++) {
    if (attempt === attempts) throw new Conflict('New versions of tables kept coming. Try again in a minute.')
  }
  const answer = await read(db)
  await sql`commit`.execute(db)
  return answer
}

/** Begins the transaction. False where tables came or went meanwhile; nothing is begun then. */
async function lockAll(db: Db): Promise<boolean> {
  const wanted = await listTables(db)
  try {
    await sql`begin isolation level repeatable read read only`.execute(db)
    await sql.raw(`${copySettings}; set local lock_timeout = '60s'; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`).execute(db)
    await sql`lock table ${sql.join(wanted.map((name) => sql.id(name)))} in access share mode`.execute(db)
    if ((await listTables(db)).join() === wanted.join()) return true
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === '55P03') throw new Conflict('The structure of the database is being changed at the moment. Try again when that is done.')
    // A table was dropped between the two statements.
    if (code !== '42P01') throw error
  }
  await sql`rollback`.execute(db)
  return false
}

async function listTables(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname not in (select name from retired_tables) order by relname`.execute(db)
  return rows.map((row) => row.name)
}

/** Has a console ever been started on this database? */
export async function holdsConsole(db: Db): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`select to_regclass('kysely_migration') is not null and to_regclass('retired_tables') is not null as held`.execute(db)
  return rows[0]?.held ?? false
}

/** What a manifest says of the database as a whole. */
export async function readDatabase(db: Db): Promise<{ server: string; at: string; migrations: string[] }> {
  const { rows: [about] } = await sql<{ server: string; at: string }>`select current_setting('server_version') as server, to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`.execute(db)
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return { server: about?.server ?? '', at: about?.at ?? '', migrations: rows.map((row) => row.name) }
}

/** The statement that writes the rows of a table. */
export function copyOutStatement(table: string, columns: readonly string[]): string {
  return inlineValues(sql`copy ${sql.id(table)} (${sql.join(columns.map((name) => sql.id(name)))}) to stdout`)
}
