import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type pg from 'pg'
import { copyOutBytes } from '../db/copy.ts'
import type { Db } from '../db/database.ts'
import { keptSecrets } from '../db/kept-secret.ts'
import { findFile } from './find-file.ts'
import { Conflict } from '../problem.ts'
import { getSetting } from '../settings/queries.ts'
import { formatName, formatVersion, manifestName, secretEntry, sequencesOf, storedColumns, tableEntry, withoutRows, type Manifest, type TableDefinition } from './manifest.ts'
import { Meter } from './meter.ts'
import { describeSequences, describeTables, describeViews, listUndescribed, readSequence } from './queries/describe.ts'
import { copyOutStatement, onLockedSnapshot, readDatabase } from './queries/snapshot.ts'
import { writeArchive, type Part } from './write-archive.ts'

export interface BackupOptions {
  path: string
  dataDir: string
  consoleVersion: string
  /** The keys of the installation go along. */
  secrets: boolean
  fromEnvironment: string[]
  signal?: AbortSignal
  watch(table: string, rows: number): void
}

/**
 * Writes everything that the console knows into one file, as it stands at one moment; people and jobs go on working meanwhile. Where it
 * fails the connection may be in the midst of a COPY: it must be closed.
 */
export async function writeBackup(client: pg.PoolClient, options: BackupOptions): Promise<{ manifest: Manifest; bytes: number }> {
  return onLockedSnapshot(client, async (db) => {
    const undescribed = await listUndescribed(db)
    if (undescribed.length > 0) throw new Conflict(`The database has what a backup cannot hold: ${undescribed.join(', ')}. Remove it, or back the database up with pg_dump.`)
    const manifest = await begin(db, options)
    const tables = await describeTables(db)
    for (const sequence of [...manifest.sequences, ...tables.flatMap(sequencesOf)]) Object.assign(sequence, await readSequence(db, sequence.name))
    const secrets = options.secrets ? await readSecrets(options.dataDir) : []
    const parts: Part[] = [
      ...tables.map((table) => ({ name: tableEntry(table.name), open: () => rowsOf(client, table, manifest, options) })),
      ...secrets.map(({ name, content }) => ({ name: secretEntry(name), open: () => Readable.from([content]) })),
      // Last: by then all rows have passed and were counted.
      { name: manifestName, open: () => Readable.from([JSON.stringify(manifest, null, 1)]) }
    ]
    manifest.secrets = secrets.map(({ name, content }) => ({ name, sha256: createHash('sha256').update(content).digest('hex') }))
    return { manifest, bytes: await writeArchive(options.path, parts, options.signal) }
  })
}

async function begin(db: Db, options: BackupOptions): Promise<Manifest> {
  const { server, at, migrations } = await readDatabase(db)
  return {
    format: formatName, formatVersion, consoleVersion: options.consoleVersion, serverVersion: server, madeAt: at, installation: await getSetting(db, 'installation', 'User 360'),
    migrations, tables: [], views: await describeViews(db), sequences: await describeSequences(db), secrets: [], secretsLeftOut: !options.secrets, fromEnvironment: options.fromEnvironment
  }
}

function rowsOf(client: pg.PoolClient, table: TableDefinition, manifest: Manifest, options: BackupOptions): Readable {
  const leftOut = withoutRows.has(table.name)
  const meter = new Meter((rows) => options.watch(table.name, rows))
  meter.once('end', () => manifest.tables.push({ ...table, rows: meter.rows, bytes: meter.bytes, sha256: meter.digest(), rowsLeftOut: leftOut }))
  const rows = leftOut ? Readable.from([]) : copyOutBytes(client, copyOutStatement(table.name, storedColumns(table)))
  rows.on('error', (error) => meter.destroy(error))
  return rows.pipe(meter)
}

async function readSecrets(dataDir: string): Promise<{ name: string; content: Buffer }[]> {
  const found = await Promise.all(keptSecrets.map(async (name) => ({ name, content: await findFile(join(dataDir, name)) })))
  return found.flatMap(({ name, content }) => (content ? [{ name, content }] : []))
}
