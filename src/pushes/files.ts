import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '../db/database.ts'
import { getKeeping } from '../exports/keeping.ts'
import { listRunFiles, takeOldRunFiles } from './queries/runs.ts'

/** Where matching files lie: named by chance, kept as long as exported files, for this console alone. */
export function matchingFolder(dataDir: string): string {
  return join(dataDir, 'pushes')
}

export async function makeMatchingFolder(dataDir: string): Promise<string> {
  await mkdir(matchingFolder(dataDir), { recursive: true, mode: 0o700 })
  return matchingFolder(dataDir)
}

/** Deletes files whose time is over; their records stay. */
export async function deleteOldMatchingFiles(db: Db, dataDir: string): Promise<void> {
  await deleteFiles(dataDir, await takeOldRunFiles(db, await getKeeping(db)))
}

/** Deletes every finished file, for when somebody in it must not be known any longer. */
export async function deleteAllMatchingFiles(db: Db, dataDir: string): Promise<void> {
  await deleteFiles(dataDir, await takeOldRunFiles(db, 0))
}

/** At the start, before any is made: removes what a killed process left behind. */
export async function clearMatchingFiles(db: Db, dataDir: string): Promise<void> {
  const recorded = new Set(await listRunFiles(db))
  await deleteFiles(dataDir, (await readdir(matchingFolder(dataDir)).catch(() => [])).filter((name) => !recorded.has(name)))
}

async function deleteFiles(dataDir: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(matchingFolder(dataDir), name), { force: true })
}
