import type pg from 'pg'
import { endAlertOf } from '../alerts/of-job.ts'
import { openDatabase, type Db } from '../db/database.ts'
import { endBadly } from './end-badly.ts'
import { JobCancelled, JobStopped, type JobContext, type JobHandlers } from './job.ts'
import { laneOf } from './lanes.ts'
import { findJob, insertJob, isJobCancelled, setJobEnded, setJobProgress, setJobStarted } from './queries.ts'

export interface Workplace extends Pick<JobContext, 'dataDir' | 'aesKey' | 'timeZone' | 'log' | 'outside'> {
  pool: pg.Pool
  /** Tells the queue of a job that this one put behind itself; without a queue the caller looks for waiting jobs. */
  wake?(jobId: number): Promise<void>
}

const progressEvery = 500

/**
 * Runs one waiting job to its end, holding its lane. Answers when the job has a final status; never throws for a
 * job that failed. A job that is no longer waiting (cancelled meanwhile) is left alone.
 */
export async function runJob(workplace: Workplace, handlers: JobHandlers, jobId: number, watch?: (stage: string, done: number, total: number) => void): Promise<void> {
  const db = openDatabase(workplace.pool)
  const known = await findJob(db, jobId)
  if (!known) return
  const { lock } = laneOf(known)
  const holder = await workplace.pool.connect()
  try {
    await holder.query('select pg_advisory_lock($1)', [lock])
    const job = await findJob(db, jobId)
    if (!job || !(await setJobStarted(db, jobId))) return
    await perform(workplace, db, handlers, job, watch)
  } finally {
    await holder.query('select pg_advisory_unlock($1)', [lock]).then(() => holder.release(), (error: Error) => holder.release(error))
  }
}

async function perform(workplace: Workplace, db: Db, handlers: JobHandlers, job: { id: number; kind: string; payload: unknown }, watch?: (stage: string, done: number, total: number) => void): Promise<void> {
  let written = 0
  let last = ''
  let writing: Promise<unknown> = Promise.resolve()
  const context: JobContext = {
    ...workplace, db, jobId: job.id,
    progress(stage, done, total) {
      watch?.(stage, done, total)
      if (stage === last && Date.now() - written < progressEvery) return
      written = Date.now()
      last = stage
      writing = setJobProgress(db, job.id, { stage, done, total }).catch(() => {})
    },
    async enqueue(next) {
      const id = await insertJob(db, next)
      await workplace.wake?.(id)
    },
    async check() { if (await isJobCancelled(db, job.id)) throw new JobCancelled('cancelled') }
  }
  try {
    const handler = handlers[job.kind]
    if (!handler) throw new Error(`no handler for jobs of kind ${job.kind}`)
    const result = await handler(context, job.payload as never)
    await writing
    await setJobEnded(db, job.id, { status: 'done', result: result ?? null })
    await endAlertOf(db, job.payload)
  } catch (error) {
    await writing
    if (error instanceof JobCancelled) return endBadly(db, handlers[job.kind], job.id, { status: 'cancelled' })
    if (error instanceof JobStopped) return endBadly(db, handlers[job.kind], job.id, { status: 'stopped', error: error.message, result: error.result ?? null })
    workplace.log.error({ err: error, jobId: job.id }, 'job failed')
    await endBadly(db, handlers[job.kind], job.id, { status: 'failed', error: `It failed and changed nothing (job ${job.id}). An administrator finds the reason in the log.` })
  }
}
