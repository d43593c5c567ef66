import { PgBoss } from 'pg-boss'
import type { Db } from '../db/database.ts'
import { insertJob } from './queries.ts'

export const dataQueue = 'data'

/** Puts work into the data lane; made in server.ts, handed to the features that need it. */
export interface Queue {
  /** Records the job in `db` (the caller's transaction or not) and answers its id. Call `wake` once that is committed. */
  enqueue(db: Db, job: { kind: string; title: string; payload: unknown; operatorId: number | null }): Promise<number>
  wake(jobId: number): Promise<void>
  stop(): Promise<void>
}

export async function openQueue(url: string, log: { error(data: object, text: string): void }): Promise<Queue> {
  const boss = new PgBoss({ connectionString: url, max: 2, supervise: false, schedule: false, application_name: 'user-360-queue' })
  boss.on('error', (error) => log.error({ err: error }, 'queue'))
  await boss.start()
  await boss.createQueue(dataQueue, { retryLimit: 0, expireInSeconds: 6 * 3600 })
  return {
    enqueue: insertJob,
    async wake(jobId) { await boss.send(dataQueue, { jobId }) },
    async stop() { await boss.stop({ graceful: false }) }
  }
}
