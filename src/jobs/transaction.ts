import { readFile } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import { getCatalog } from '../catalog/queries.ts'
import { onClient } from '../db/database.ts'
import { maxRowBytes } from '../db/row-width.ts'
import { JobCancelled, JobStopped, type JobContext } from './job.ts'
import { isJobCancelled } from './queries.ts'
import type { Work } from './work.ts'

const cancelPoll = 1000

/** Single rows are looked at before they are stored; what comes together in a user is not. */
const tooWide = `Nothing was changed. The values of one user, brought together from several rows or set by hand, are too wide for the database: a row can take ${maxRowBytes.toLocaleString('en')} bytes. Set columns that are not needed to Ignore on the structure page of the source.`

/**
 * Runs `act` in the one transaction of a data job: commits when it answers, rolls back when it throws. A cancel that the
 * operator asks for ends the statement at work within about a second; it is thrown as JobCancelled.
 * `watch` false: no job stands behind it that could be cancelled.
 */
export async function inDataTransaction<T>(context: JobContext, act: (work: Work) => Promise<T>, options: { watch: boolean } = { watch: true }): Promise<T> {
  const client = await context.pool.connect()
  let cancelled = false
  let broken: Error | undefined
  const { rows: [backend] } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const poll = !options.watch ? undefined : setInterval(() => void cancelWhenAsked(context, backend?.pid ?? 0).then((asked) => { cancelled ||= asked }).catch(() => {}), cancelPoll)
  try {
    await yieldToPages(backend?.pid ?? 0)
    await client.query('begin')
    // One worker beside the leader would take both cores of a small machine away from the pages.
    await client.query(`set local work_mem = '128MB'; set local maintenance_work_mem = '256MB'; set local max_parallel_workers_per_gather = 0; set local max_parallel_maintenance_workers = 0; set local lock_timeout = '60s'; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`)
    await client.query(`select set_config('timezone', $1, true)`, [context.timeZone])
    const db = onClient(client)
    const work: Work = {
      client, db, context, catalog: await getCatalog(db),
      run: async (statement, values) => (await client.query(statement, values)).rowCount ?? 0,
      rows: async <R>(statement: string, values?: unknown[]) => (await client.query(statement, values)).rows as R[]
    }
    const answer = await act(work)
    await client.query('commit')
    return answer
  } catch (error) {
    await client.query('rollback').catch((lost: Error) => { broken = lost })
    if (cancelled) throw new JobCancelled('cancelled')
    if (error instanceof Error && error.message.startsWith('row is too big')) throw new JobStopped(tooWide)
    throw error
  } finally {
    clearInterval(poll)
    await client.query('reset all; discard temp').catch((lost: Error) => { broken = lost })
    client.release(broken)
  }
}

async function cancelWhenAsked(context: JobContext, pid: number): Promise<boolean> {
  if (!(await isJobCancelled(context.db, context.jobId))) return false
  await context.pool.query('select pg_cancel_backend($1)', [pid])
  return true
}

/** A lower priority for the server process that does the bulk work, where it runs on this machine; elsewhere it has none to give way to. */
export async function yieldToPages(pid: number): Promise<void> {
  try {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    if (command.startsWith('postgres:')) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch { /* another machine, another system, or not ours to change */ }
}
