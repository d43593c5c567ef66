import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'

/** The system user that PostgreSQL runs as when the console is root, which PostgreSQL refuses. */
export interface ServerUser { name: string; ids: { uid: number; gid: number } }

/** Where one embedded database lives. Only cluster and sockets belong to the server's user. */
export interface Home {
  folder: string
  cluster: string
  sockets: string
  configuration: string
  log: string
  password: string
  user: ServerUser | undefined
  /** Names the server in process titles, so that its processes are told from others. */
  name: string
}

interface Kept { folder: string; sockets: string; password: string; name: string }

// Socket addresses hold about 100 bytes, and some characters would need quoting in the server's configuration.
const socketSafe = /^[A-Za-z0-9/._-]{1,80}$/
const sharedFolder = '/var/lib/user-360'

/** Finds or makes the home that belongs to a data folder. Its place and password are kept in postgres.json (mode 600). */
export async function openHome(dataDir: string): Promise<Home> {
  await makeDataFolder(dataDir)
  const kept = (await readKept(dataDir)) ?? (await firstHome(dataDir))
  const folder = isAbsolute(kept.folder) ? kept.folder : join(dataDir, kept.folder)
  const cluster = join(folder, 'cluster')
  const sockets = isAbsolute(kept.sockets) ? kept.sockets : join(folder, kept.sockets)
  const user = isRoot() ? serverUser(cluster) : undefined
  if (isAbsolute(kept.folder)) await makeFolder(dirname(folder), 0o755)
  await makeFolder(folder, user ? 0o711 : 0o700)
  await makeFolder(sockets, 0o700, user)
  return { folder, cluster, sockets, user, configuration: join(folder, 'postgresql.conf'), log: join(folder, 'server.log'), password: kept.password, name: kept.name }
}

export async function makeFolder(path: string, mode: number, user?: ServerUser): Promise<void> {
  await mkdir(path, { recursive: true })
  await chmod(path, mode)
  if (user) await chown(path, user.ids.uid, user.ids.gid)
}

/** Replaces a file as a whole, so that a killed process leaves the old one or the new one. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const work = `${path}.${process.pid}.new`
  await writeFile(work, text, { mode, flush: true })
  await chmod(work, mode)
  await rename(work, path)
}

const isRoot = () => process.getuid?.() === 0

async function makeDataFolder(dataDir: string): Promise<void> {
  if (existsSync(dataDir)) return
  await mkdir(dataDir, { recursive: true })
  await chmod(dataDir, isRoot() ? 0o711 : 0o700)
}

async function readKept(dataDir: string): Promise<Kept | undefined> {
  try {
    return JSON.parse(await readFile(join(dataDir, 'postgres.json'), 'utf8')) as Kept
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function firstHome(dataDir: string): Promise<Kept> {
  if (existsSync(join(dataDir, 'postgres', 'cluster'))) {
    throw new Error(`The file ${join(dataDir, 'postgres.json')} with the password of the database in ${join(dataDir, 'postgres')} is missing. Put it back, or move that folder away to begin with an empty database.`)
  }
  const id = randomBytes(6).toString('hex')
  const reachable = !isRoot() || canEnter(dataDir, serverUser(join(dataDir, 'postgres', 'cluster')))
  const folder = reachable ? 'postgres' : join(sharedFolder, id)
  const fits = socketSafe.test(join(dataDir, folder, 'sockets'))
  const kept: Kept = { folder, sockets: fits || !reachable ? 'sockets' : `/tmp/user-360-${id}`, password: randomBytes(24).toString('base64url'), name: `user-360-${id}` }
  await writeWhole(join(dataDir, 'postgres.json'), `${JSON.stringify(kept, null, 2)}\n`, 0o600)
  return kept
}

function canEnter(folder: string, user: ServerUser): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user.ids, cwd: '/', stdio: 'ignore' }).status === 0
}

// Whoever owns the cluster already; else a user without rights that every system has, better one made for PostgreSQL.
function serverUser(cluster: string): ServerUser {
  if (existsSync(cluster)) {
    const { uid, gid } = statSync(cluster)
    if (uid !== 0) return { name: `user ${uid}`, ids: { uid, gid } }
  }
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((option) => {
      const found = spawnSync('id', [option, name], { encoding: 'utf8' })
      return found.status === 0 ? Number(found.stdout) : NaN
    })
    if (uid && gid) return { name, ids: { uid, gid } }
  }
  throw new Error('PostgreSQL does not run as root, and neither a user "postgres" nor "nobody" is on this system. Start the console as an ordinary user, or set DATABASE_URL.')
}
