import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Where finished exports lie: named by chance, so that no name tells anything and none can be asked for. */
export function exportFolder(dataDir: string): string {
  return join(dataDir, 'exports')
}

export function newFileName(): string {
  return `${randomUUID()}.zip`
}

/** Makes the folder, for this console alone. */
export async function makeExportFolder(dataDir: string): Promise<string> {
  const folder = exportFolder(dataDir)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Removes what no record names: half files, and whole ones that were not recorded any more before the process was killed. Nothing may be written there meanwhile. */
export async function removeStrayExports(dataDir: string, recorded: ReadonlySet<string>): Promise<void> {
  const folder = exportFolder(dataDir)
  for (const name of await readdir(folder).catch(() => [])) if (!recorded.has(name)) await rm(join(folder, name), { force: true })
}
