import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { Access } from '../../src/access/access.ts'
import { getCatalog } from '../../src/catalog/queries.ts'
import { exportRefs } from '../../src/exports/column.ts'
import { requestExport } from '../../src/exports/request-export.ts'
import { insertJob } from '../../src/jobs/queries.ts'
import { administratorRole, insertOperator } from '../../src/operators/queries.ts'
import { openTestDatabase, type TestDatabase } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'

const count = 60_000
const people: SeedStructure = { alias: 'People', key: { column: 'no' }, columns: [{ name: 'no', kind: 'ignore', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'code', kind: 'tag', type: 'text' }] }
const workerProgram = join(import.meta.dirname, '../imports/worker-child.ts')

/** A database with people, an order that waits, and a folder. */
async function begin(t: Test) {
  const database = await openTestDatabase(t)
  const folder = await mkdtemp(join(tmpdir(), 'u360-export-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await seed(database, people, ['no,phone,code', ...Array.from({ length: count }, (_, n) => `P${n},1390${String(n).padStart(7, '0')},${(n * 2_654_435_761 % 4_294_967_296).toString(36)}`)].join('\n'))
  const { db } = database
  const id = await insertOperator(db, { email: 'a@example.com', name: 'A', passwordHash: '-', mustChangePassword: false, roleIds: [await administratorRole(db)] })
  const access = Access.full(await getCatalog(db))
  const order = () => requestExport(db, { enqueue: insertJob, wake: async () => {}, stop: async () => {} }, access, { items: [...exportRefs(access)], bom: true, guard: true, query: '', expected: count }, { id, name: 'A' })
  return { ...database, folder, order, files: () => readdir(join(folder, 'exports')).catch(() => []) }
}

/** Starts the process that works, with a command before it, waits until `until`, and kills it. */
async function work({ url, pool }: TestDatabase, folder: string, until: () => Promise<unknown>, before: string[] = []): Promise<void> {
  const command = [...before, process.execPath, workerProgram, url, folder]
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  await until()
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
  await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'user-360-jobs%'`)
  await delay(200)
}

const jobOf = ({ db }: TestDatabase, id: number) => db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

async function ended(database: TestDatabase, id: number): Promise<void> {
  for (let tries = 0; tries < 1200 && ['waiting', 'running'].includes((await jobOf(database, id)).status); tries++) await delay(50)
}

t.test('an export whose process is killed leaves no half file, and the next start makes it whole', { timeout: 300_000 }, async (t) => {
  const world = await begin(t)
  const jobId = await world.order()
  const halves: string[] = []
  for (const pause of [0, 50, 200]) {
    // From the first byte of the file on.
    await work(world, world.folder, async () => { while (!(await world.files()).some((name) => name.endsWith('.part')) && (await jobOf(world, jobId)).status !== 'done') await delay(5); await delay(pause) })
    if ((await jobOf(world, jobId)).status === 'done') break
    halves.push(...await world.files())
    t.same(await world.db.selectFrom('exports').select('id').where('file', 'is not', null).execute(), [], `killed after ${pause} ms: nothing can be fetched`)
  }
  t.ok(halves.length > 0, 'it was met while it wrote')
  await work(world, world.folder, () => ended(world, jobId))
  t.match(await jobOf(world, jobId), { status: 'done', result: { usersExported: count } })
  const { file } = await world.db.selectFrom('exports').select('file').executeTakeFirstOrThrow()
  t.same(await world.files(), [file], 'one whole file, and nothing else')
  t.equal((await world.db.selectFrom('history_entries').select('id').where('title', '=', 'Users exported').execute()).length, 1)
})

t.test('a full disk ends the job with words and leaves nothing', { timeout: 300_000 }, async (t) => {
  const world = await begin(t)
  const jobId = await world.order()
  // The system refuses to let any file of this process grow beyond this, as it does where there is no space.
  await work(world, world.folder, () => ended(world, jobId), ['prlimit', '--fsize=100000'])
  t.match(await jobOf(world, jobId), { status: 'stopped', error: /^The disk is full/ })
  t.same(await world.files(), [])
})
