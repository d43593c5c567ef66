import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import { handlers } from '../../src/handlers.ts'
import { runJob } from '../../src/jobs/run-job.ts'
import { openTestDatabase } from '../helper.ts'
import { makeAdministrator } from '../role.ts'
import { seed } from '../seed.ts'
import { makeAudience, runsOf } from './world.ts'

const workerProgram = join(import.meta.dirname, 'worker-child.ts')

/** A database with so many people, an audience of all of them, and a process that works and can be killed. */
export async function begin(t: Test, count: number) {
  const database = await openTestDatabase(t)
  const { db, pool, url } = database
  const dataDir = await mkdtemp(join(tmpdir(), 'u360-push-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  await seed(database, { alias: 'People', key: { column: 'no' }, columns: [{ name: 'no', kind: 'ignore', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'mail', kind: 'id', type: 'text', idType: 'EMAIL' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }] },
    ['no,phone,mail,name', ...Array.from({ length: count }, (_, n) => `P${n},1390${String(n).padStart(7, '0')},p${n}@example.com,Person ${n}`)].join('\n'))
  const operator = await makeAdministrator(db, 'Zhao Min')
  const log = { info() {}, error(data: object, text: string) { console.error(text, data) } }
  const runJobs = async () => { for (let next; (next = await db.selectFrom('jobs').select('id').where('status', '=', 'waiting').where('kind', '<>', 'push').orderBy('id').executeTakeFirst());) await runJob({ pool, dataDir, aesKey: null, timeZone: 'UTC', log }, handlers, next.id) }
  const audience = await makeAudience({ db, runJobs }, operator, { and: [] })
  /** Works until `until`, and is killed then. */
  async function work(until: () => Promise<unknown>): Promise<void> {
    const child = spawn(process.execPath, [workerProgram, url, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    await until()
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'user-360-jobs%'`)
    await delay(200)
  }
  const ended = (pushId: number) => async () => { for (let tries = 0; tries < 2400 && ['waiting', 'running'].includes((await runsOf({ db }, pushId))[0]!.state); tries++) await delay(50); await delay(300) }
  return { ...database, dataDir, operator, audience, work, ended }
}
