import type { Db } from '../db/database.ts'
import type { Queue } from '../jobs/queue.ts'

/**
 * Starts what a schedule is about, in a transaction. Answers the number of the job that it put into the queue, or null
 * where there is nothing to start now: it is under way still, or paused.
 */
export type Starter = (trx: Db, subjectId: number, services: { queue: Queue }) => Promise<number | null>
