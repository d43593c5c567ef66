import type pg from 'pg'
import type { Outside } from '../config.ts'
import type { Db } from '../db/database.ts'

/** What a job works with. Long statements run on `connect()`ed clients; progress and cancel go through `db`, another connection. */
export interface JobContext {
  jobId: number
  db: Db
  pool: pg.Pool
  dataDir: string
  aesKey: string | null
  timeZone: string
  /** Nothing of it where left out: no mail server, no address of the console, no private range. */
  outside?: Outside
  log: { info(data: object, text: string): void; error(data: object, text: string): void }
  /** Records the stage and how far it is; cheap to call often, written at most twice a second. */
  progress(stage: string, done: number, total: number): void
  /** Puts more work behind this job. */
  enqueue(job: { kind: string; title: string; payload: unknown; operatorId: number | null }): Promise<void>
  /** Throws JobCancelled where the operator asked to stop. */
  check(): Promise<void>
}

/** How a job can end without having done its work. */
export const badEnds = ['stopped', 'failed', 'cancelled'] as const
export type BadEnd = (typeof badEnds)[number]

export interface JobHandler {
  /** The payload is what was given to enqueue. The returned value is kept as the job's result. */
  (context: JobContext, payload: never): Promise<unknown>
  /** Ends what this kind of job keeps of its work elsewhere, in the transaction in which the job ends; also of one that was cancelled before it began. */
  ended?(trx: Db, jobId: number, end: BadEnd): Promise<void>
}

export type JobHandlers = Readonly<Record<string, JobHandler>>

export class JobCancelled extends Error {}

/** A job that ends itself with a reason for people, having changed nothing. */
export class JobStopped extends Error {
  readonly result: unknown
  constructor(message: string, result?: unknown) {
    super(message)
    this.result = result
  }
}
