import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '../db/database.ts'
import { deleteOldExports } from '../exports/delete-files.ts'
import { deleteOldHistory } from '../history/delete-old.ts'
import { deleteOldSelections } from '../overrides/queries/selections.ts'
import { deleteOldMatchingFiles } from '../pushes/files.ts'
import { getSetting } from '../settings/queries.ts'
import { deleteOldUploads, listFilesInUse } from '../sources/queries.ts'
import { uploadFolder } from '../sources/receive-upload.ts'
import { deleteOldAnswers } from '../tokens/queries/kept-answers.ts'
import { deleteOldRejected } from './queries.ts'

const uploadHours = 24
/** A file without a record may be one that is just coming in. */
const strayHours = 24

/** Removes what is kept only for a while: rejected rows and history after the days of their settings, uploaded files that no run took, choices of users for a batch, files of exports and pushes. Called at the start and hourly. */
export async function housekeeping(db: Db, dataDir: string): Promise<void> {
  await deleteOldRejected(db, await getSetting(db, 'rejected_rows_days', 30))
  await deleteOldSelections(db)
  for (const path of await deleteOldUploads(db, uploadHours)) await rm(path, { force: true })
  await removeStrayFiles(db, uploadFolder(dataDir))
  await deleteOldExports(db, dataDir)
  await deleteOldMatchingFiles(db, dataDir)
  await deleteOldHistory(db)
  await deleteOldAnswers(db)
}

/** Files that a killed process left behind. */
async function removeStrayFiles(db: Db, folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  if (names.length === 0) return
  const inUse = new Set(await listFilesInUse(db))
  for (const name of names) {
    const path = join(folder, name)
    if (inUse.has(path)) continue
    const age = Date.now() - (await stat(path).then((found) => found.mtimeMs, () => Date.now()))
    if (age > strayHours * 3_600_000) await rm(path, { force: true })
  }
}

/** Keeps house now and every hour until `stop`. */
export function keepHouse(db: Db, dataDir: string, log: { error(data: object, text: string): void }): { stop(): void } {
  const act = () => void housekeeping(db, dataDir).catch((error: unknown) => log.error({ err: error }, 'housekeeping'))
  act()
  const timer = setInterval(act, 3_600_000)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
