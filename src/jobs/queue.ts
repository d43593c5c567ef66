import { PgBoss } from 'pg-boss'
import { openDatabase, openPool, type Db } from '../db/database.ts'
import { laneOf, lanes } from './lanes.ts'
import { findJob, insertJob } from './queries.ts'

/** Puts work into its lane; made in server.ts, handed to the features that need it. */
export interface Queue {
  /** Records the job in `db` (the caller's transaction or not) and answers its id. Call `wake` once that is committed. */
  enqueue(db: Db, job: { kind: string; title: string; payload: unknown; operatorId: number | null; tokenId?: number | null }): Promise<number>
  wake(jobId: number): Promise<void>
  stop(): Promise<void>
}

export async function openQueue(url: string, log: { error(data: object, text: string): void }): Promise<Queue> {
  const boss = await openBoss(url, log, { supervise: false })
  const pool = openPool(url, { max: 1, name: 'user-360-queue' })
  return {
    enqueue: insertJob,
    wake: (jobId) => sendJob(boss, openDatabase(pool), jobId),
    async stop() {
      await boss.stop({ graceful: false })
      await pool.end()
    }
  }
}

/** pg-boss with a queue for each lane. */
export async function openBoss(url: string, log: { error(data: object, text: string): void }, { supervise }: { supervise: boolean }): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: url, max: 2, supervise, schedule: false, application_name: 'user-360-queue' })
  boss.on('error', (error) => log.error({ err: error }, 'queue'))
  await boss.start()
  for (const { name } of lanes) await boss.createQueue(name, { retryLimit: 0, expireInSeconds: 6 * 3600 })
  return boss
}

/** Tells the lane of a job that it waits. */
export async function sendJob(boss: PgBoss, db: Db, jobId: number): Promise<void> {
  const job = await findJob(db, jobId)
  if (job) await boss.send(laneOf(job).name, { jobId })
}
