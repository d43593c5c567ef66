import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findFile } from '../backup/find-file.ts'
import { writeWhole } from '../db/embedded-home.ts'

export interface Secret { name: string; content: Buffer }

/** Those of them that would take the place of another one. */
export async function findOtherSecrets(dataDir: string, secrets: readonly Secret[]): Promise<string[]> {
  const found = await Promise.all(secrets.map(async ({ name, content }) => ({ name, other: (await findFile(join(dataDir, name)))?.equals(content) === false })))
  return found.filter(({ other }) => other).map(({ name }) => name)
}

/** Writes secrets into the data folder (mode 600); answers how to put back what was there. */
export async function putSecrets(dataDir: string, secrets: readonly Secret[]): Promise<() => Promise<void>> {
  await mkdir(dataDir, { recursive: true })
  const before = await Promise.all(secrets.map(async ({ name }) => ({ name, content: await findFile(join(dataDir, name)) })))
  const putBack = async () => { for (const { name, content } of before) await (content ? writeWhole(join(dataDir, name), content.toString(), 0o600) : rm(join(dataDir, name), { force: true })) }
  try {
    for (const { name, content } of secrets) await writeWhole(join(dataDir, name), content.toString(), 0o600)
  } catch (error) {
    await putBack()
    throw error
  }
  return putBack
}
