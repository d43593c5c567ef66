import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chown, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder, type Home } from './embedded-home.ts'
import { commandOf, isRunning, processesOf, signal, waitUntil } from './embedded-process.ts'

const environment = { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' }
const marker = (home: Home) => `config_file=${home.configuration}`

/** Makes the cluster, once. A killed attempt leaves only a work folder, which the next one replaces. */
export async function makeCluster(home: Home, binaries: string): Promise<void> {
  const work = `${home.cluster}.new`
  const passwordFile = join(home.folder, 'password')
  await rm(work, { recursive: true, force: true })
  await makeFolder(work, 0o700, home.user)
  await writeFile(passwordFile, home.password, { mode: 0o600 })
  if (home.user) await chown(passwordFile, home.user.ids.uid, home.user.ids.gid)
  try {
    const options = ['--auth=scram-sha-256', '--username=user360', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions']
    const child = spawn(join(binaries, 'bin/initdb'), ['-D', work, ...options], { ...home.user?.ids, cwd: home.folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => { output += data.toString() })
    const ended = await exitOf(child)
    if (ended !== 0) throw new Error(`The embedded database could not be made (${ended}):\n${output.trim().split('\n').slice(-15).join('\n')}`)
    await rename(work, home.cluster)
  } finally {
    await rm(passwordFile, { force: true })
    await rm(work, { recursive: true, force: true })
  }
}

/** The postmaster of this home, if it runs. The number in postmaster.pid may be an unrelated process by now. */
export function findPostmaster(home: Home): number | undefined {
  const pid = pidInFile(home)
  return pid && isRunning(pid) && commandOf(pid).includes(marker(home)) ? pid : undefined
}

/** Ends what a killed postmaster left: its children first, then the files that would keep a new one from starting. */
export async function clearLeftovers(home: Home): Promise<void> {
  const uid = home.user?.ids.uid ?? process.getuid?.() ?? -1
  const left = () => processesOf(uid, (command) => command.includes(marker(home)) || command.startsWith(`postgres: ${home.name}: `))
  for (const name of ['SIGTERM', 'SIGQUIT', 'SIGKILL'] as const) {
    // Children end by themselves when their postmaster is gone; only stuck ones need a signal.
    if (await waitUntil(() => left().length === 0, 3000)) break
    for (const pid of left()) signal(pid, name)
  }
  if (!(await waitUntil(() => left().length === 0, 3000))) throw new Error(`Processes of an earlier database server do not end: ${left().join(', ')}. End them, then start again.`)
  // Where processes cannot be listed, the server itself must judge whether that file still counts.
  if (process.platform === 'linux') await rm(join(home.cluster, 'postmaster.pid'), { force: true })
  await rm(home.sockets, { recursive: true, force: true })
  await makeFolder(home.sockets, 0o700, home.user)
}

/** Starts the postmaster and waits until it takes connections, however long its recovery takes. */
export async function startPostmaster(home: Home, binaries: string, log: (message: string) => void): Promise<ChildProcess> {
  if (await stat(home.log).then((file) => file.size > 5_000_000, () => false)) await rename(home.log, `${home.log}.old`)
  const file = await open(home.log, 'a', 0o600)
  try {
    const from = (await file.stat()).size
    // Its own session: Ctrl-C in the terminal must reach the console alone, which then ends the server in order.
    const child = spawn(join(binaries, 'bin/postgres'), ['-D', home.cluster, '-c', marker(home)], { ...home.user?.ids, cwd: home.folder, env: environment, detached: true, stdio: ['ignore', file.fd, file.fd] })
    let ended: string | undefined
    exitOf(child).then((code) => { ended = String(code) }, (error: Error) => { ended = error.message })
    child.unref()
    const ready = () => pidInFile(home) === child.pid && statusInFile(home) === 'ready'
    let waited = 0
    while (!(await waitUntil(() => ended !== undefined || ready(), 5000))) log(`The database is still starting after ${(waited += 5)} seconds: it repeats what was written before the last stop.`)
    if (ended !== undefined) throw new Error(`The embedded database did not start (${ended}). The end of ${home.log}:\n${await logSince(home, from)}`)
    return child
  } finally {
    await file.close()
  }
}

/** Ends a postmaster: open transactions are rolled back, committed ones kept. Does nothing when it is gone already. */
export async function stopPostmaster(pid: number): Promise<void> {
  const gone = () => !isRunning(pid)
  // The last resort costs a recovery at the next start, and no data.
  for (const [name, patience] of [['SIGINT', 120_000], ['SIGQUIT', 20_000], ['SIGKILL', 10_000]] as const) {
    if (gone()) return
    signal(pid, name)
    if (await waitUntil(gone, patience)) return
  }
  throw new Error(`The database server (process ${pid}) does not end.`)
}

/** The major version a cluster was made by. */
export function clusterVersion(home: Home): string | undefined {
  return existsSync(home.cluster) ? readFileSync(join(home.cluster, 'PG_VERSION'), 'utf8').trim() : undefined
}

function linesOfPidFile(home: Home): string[] {
  try {
    return readFileSync(join(home.cluster, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}

const pidInFile = (home: Home) => Number(linesOfPidFile(home)[0]) || undefined
const statusInFile = (home: Home) => linesOfPidFile(home)[7]?.trim()

async function logSince(home: Home, from: number): Promise<string> {
  const text = (await readFile(home.log)).subarray(from).toString()
  return text.trim().split('\n').slice(-15).join('\n') || '(nothing was written)'
}

function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, name) => { resolve(code ?? name ?? 'unknown') })
  })
}
