import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Files of the data folder that hold a secret of the installation; a backup takes all of them. */
export const keptSecrets = ['session-secret', 'erasure-key', 'destination-key', 'connection-key'] as const
export type KeptSecret = (typeof keptSecrets)[number]

/** A secret of the installation: made when it is first asked for, and kept in a file of the data folder (mode 600). `lost` says what a damaged file means. */
export async function keptSecret(dataDir: string, name: KeptSecret, lost: string): Promise<string> {
  const file = join(dataDir, name)
  await mkdir(dataDir, { recursive: true })
  try {
    await writeFile(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const secret = (await readFile(file, 'utf8')).trim()
  if (secret.length < 32) throw new Error(`The file ${file} is damaged. ${lost}`)
  return secret
}
