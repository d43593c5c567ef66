import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '../db/database.ts'
import { exportFolder, removeStrayExports } from './folder.ts'
import { getKeeping } from './keeping.ts'
import { listExportFiles, takeOldFiles } from './queries.ts'

/** Deletes files whose time is over; their records stay. */
export async function deleteOldExports(db: Db, dataDir: string): Promise<void> {
  await deleteFiles(dataDir, await takeOldFiles(db, await getKeeping(db)))
}

/** Deletes every finished file, for when somebody in it must not be known any longer. */
export async function deleteAllExports(db: Db, dataDir: string): Promise<void> {
  await deleteFiles(dataDir, await takeOldFiles(db, 0))
}

/** At the start, before any export is made: removes what a killed process left behind. */
export async function clearExports(db: Db, dataDir: string): Promise<void> {
  await removeStrayExports(dataDir, new Set(await listExportFiles(db)))
}

async function deleteFiles(dataDir: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(exportFolder(dataDir), name), { force: true })
}
