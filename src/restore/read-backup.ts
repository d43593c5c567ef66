import { createHash } from 'node:crypto'
import { finished } from 'node:stream/promises'
import { formatName, formatVersion, manifestName, schemaVersion, secretEntry, tableEntry, type BackedUpTable, type Manifest } from '../backup/manifest.ts'
import { Meter } from '../backup/meter.ts'
import { BadBackup } from './problem.ts'
import { openArchive, type Archive } from './read-archive.ts'

export interface Backup { manifest: Manifest; archive: Archive; secrets: { name: string; content: Buffer }[] }

/** Opens a backup that this program can restore. `known`: the migrations of this program. */
export async function openBackup(path: string, known: readonly string[]): Promise<Backup> {
  const archive = await openArchive(path)
  try {
    if (!archive.has(manifestName)) throw new BadBackup('It is no backup of a console.')
    const manifest = parse(await archive.text(manifestName))
    if (manifest.formatVersion > formatVersion) throw new BadBackup(`It was written by a newer console (${manifest.consoleVersion}). Update this one (${formatVersion}), then restore.`)
    const later = manifest.migrations.find((name) => !known.includes(name))
    if (later) throw new BadBackup(`It was written by a newer console: its schema is at ${schemaVersion(manifest.migrations)}, and this console knows up to ${schemaVersion(known)}. Update this console, then restore.`)
    return { manifest, archive, secrets: await readSecrets(archive, manifest) }
  } catch (error) {
    await archive.close()
    throw error
  }
}

/** Reads every row once and compares it with what the manifest says was written, before anything is changed. */
export async function checkRows(backup: Backup, watch: (table: string, rows: number) => void, signal?: AbortSignal): Promise<void> {
  for (const table of backup.manifest.tables) {
    const meter = rowsOf(backup, table, watch)
    await finished(meter.resume(), { signal }).catch((error: Error) => { throw signal?.aborted ? error : new BadBackup(`The rows of ${table.name} cannot be read.`, { cause: error }) })
    if (meter.rows !== table.rows || meter.digest() !== table.sha256) throw new BadBackup(`The rows of ${table.name} are not those that were written.`)
  }
}

/** The rows of a table as COPY text. */
export function rowsOf({ archive }: Backup, table: BackedUpTable, watch: (table: string, rows: number) => void): Meter {
  const meter = new Meter((rows) => watch(table.name, rows))
  const rows = archive.stream(tableEntry(table.name))
  rows.on('error', (error) => meter.destroy(error))
  return rows.pipe(meter)
}

function parse(text: string): Manifest {
  try {
    const manifest = JSON.parse(text) as Manifest
    if (manifest.format === formatName) return manifest
  } catch {
    // Said below.
  }
  throw new BadBackup('It is no backup of a console.')
}

async function readSecrets(archive: Archive, manifest: Manifest): Promise<Backup['secrets']> {
  return Promise.all(manifest.secrets.map(async ({ name, sha256 }) => {
    if (!/^[a-z-]+$/.test(name)) throw new BadBackup(`The secret ${name} has a name that none has.`)
    const content = Buffer.from(await archive.text(secretEntry(name)))
    if (createHash('sha256').update(content).digest('hex') !== sha256) throw new BadBackup(`The secret ${name} is not what was written.`)
    return { name, content }
  }))
}
