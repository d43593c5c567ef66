import { rmSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { birthOf, commandOf, isRunning } from './embedded-process.ts'

export interface Owner { pid: number; birth: string }

/** The data folder is in use by another process of ours, which runs the database and will end it. */
export class DataInUse extends Error {
  constructor(dataDir: string, owner: Owner) {
    super(`The data folder ${dataDir} is in use by process ${owner.pid} (${commandOf(owner.pid) || 'name unknown'}). Stop that one first, or give this one another DATA_DIR.`)
    this.name = 'DataInUse'
  }
}

const fileOf = (dataDir: string) => join(dataDir, 'postgres.owner')

/** The running process that owns the embedded database of a data folder, if any. */
export async function findOwner(dataDir: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(fileOf(dataDir), 'utf8')) as Owner
    return isRunning(owner.pid) && birthOf(owner.pid) === owner.birth ? owner : undefined
  } catch {
    return undefined
  }
}

/** Makes this process the owner; gives back how to end that. Throws DataInUse while another one is. */
export async function becomeOwner(dataDir: string): Promise<() => void> {
  const text = JSON.stringify({ pid: process.pid, birth: birthOf(process.pid) })
  for (let attempt = 1; ; attempt++) {
    try {
      await writeFile(fileOf(dataDir), text, { flag: 'wx', mode: 0o600 })
      return () => { rmSync(fileOf(dataDir), { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const owner = await findOwner(dataDir)
      if (owner) throw new DataInUse(dataDir, owner)
      if (attempt > 3) throw error
      // Left by a killed process. PostgreSQL's own lock settles the rare case of two who get here together.
      await rm(fileOf(dataDir), { force: true })
    }
  }
}
