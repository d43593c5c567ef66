import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import type { Db } from './database.ts'

const folder = join(import.meta.dirname, '../../migrations')

async function migrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  const found: Record<string, Migration> = {}
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8')
    found[file.replace(/\.sql$/, '')] = { up: async (db) => { await sql.raw(text).execute(db) } }
  }
  return found
}

/** Names of the migrations that this program knows, in their order. */
export async function migrationNames(): Promise<string[]> {
  return Object.keys(await migrations())
}

/** Runs migrations anew in the caller's transaction, without keeping a record of them: for a schema that is rebuilt from a backup, which holds the record. */
export async function replayMigrations(trx: Db, names: readonly string[]): Promise<void> {
  const known = await migrations()
  for (const name of names) await known[name]?.up(trx)
}

/** Brings the schema up to date: plain SQL files, forward only. Throws the first error of a migration. */
export async function migrateToLatest(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
