import type { Readable } from 'node:stream'
import type pg from 'pg'
import { to } from 'pg-copy-streams'
import type { Access } from '../../access/access.ts'
import { onClient } from '../../db/database.ts'
import { inlineValues } from '../../db/inline-values.ts'
import type { Sql } from '../../db/sql.ts'
import { JobCancelled, type JobContext } from '../../jobs/job.ts'
import { isJobCancelled } from '../../jobs/queries.ts'
import { yieldToPages } from '../../jobs/transaction.ts'
import { Outdated } from '../../problem.ts'
import { beginReading } from '../../users/queries/begin.ts'

const cancelPoll = 500

/**
 * Hands the rows of a statement to `take` as CSV, as they stand at one moment, and answers what it answers. Throws Outdated where the
 * tables that the Access names are not those of that moment, before there is any row, and JobCancelled where the operator asked to stop.
 */
export async function readRows<T>(context: JobContext, access: Access, statement: Sql, take: (rows: Readable) => Promise<T>): Promise<T> {
  const client = await context.pool.connect()
  const { rows: [backend] } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = backend?.pid ?? 0
  let cancelled = false
  let failed: Error | undefined
  const poll = setInterval(() => void isJobCancelled(context.db, context.jobId).then(async (asked) => { if (asked) { cancelled = true; await endStatement(context.pool, pid) } }).catch(() => {}), cancelPoll)
  try {
    await yieldToPages(pid)
    await client.query('begin isolation level repeatable read read only')
    await client.query(`set local work_mem = '128MB'; set local max_parallel_workers_per_gather = 0; set local lock_timeout = '60s'; set local idle_in_transaction_session_timeout = 0`)
    await client.query(`select set_config('timezone', $1, true)`, [context.timeZone])
    await beginReading(onClient(client), access, 0)
    const answer = await take(client.query(to(`copy (${inlineValues(statement)}) to stdout (format csv)`)))
    await client.query('commit')
    return answer
  } catch (error) {
    failed = error as Error
    // A connection in the midst of a COPY cannot be used again; its statement must not go on unheard.
    await endStatement(context.pool, pid).catch(() => {})
    if (cancelled) throw new JobCancelled('cancelled')
    // The table was dropped between the snapshot and the statement: a publication has passed.
    if ((error as { code?: string }).code === '42P01') throw new Outdated('The data was published anew while it was read.')
    throw error
  } finally {
    clearInterval(poll)
    client.release(failed)
  }
}

async function endStatement(pool: pg.Pool, pid: number): Promise<void> {
  await pool.query('select pg_cancel_backend($1)', [pid])
}
