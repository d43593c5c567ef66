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

/** Brings the schema up to date: plain SQL files, forward only. Throws the first error of a migration. */
export async function migrateToLatest(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
