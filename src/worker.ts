import { parentPort, workerData } from 'node:worker_threads'
import { PgBoss } from 'pg-boss'
import { openDatabase, openPool } from './db/database.ts'
import { handlers } from './handlers.ts'
import { recoverJobs } from './jobs/queries.ts'
import { dataQueue } from './jobs/queue.ts'
import { runJob } from './jobs/run-job.ts'

/** The worker thread: takes jobs of the data lane one after another, with connections of its own. */
const { url, dataDir, aesKey, timeZone } = workerData as { url: string; dataDir: string; aesKey: string | null; timeZone: string }
const pool = openPool(url, { max: 5, name: 'user-360-jobs' })
const log = {
  info: (data: object, text: string) => parentPort?.postMessage({ level: 'info', data, text }),
  error: (data: object, text: string) => parentPort?.postMessage({ level: 'error', data: { ...data, err: String((data as { err?: Error }).err?.stack ?? '') }, text })
}
const boss = new PgBoss({ connectionString: url, max: 2, supervise: true, schedule: false, application_name: 'user-360-queue' })
boss.on('error', (error) => log.error({ err: error }, 'queue'))
await boss.start()
await boss.createQueue(dataQueue, { retryLimit: 0, expireInSeconds: 6 * 3600 })
// Jobs of a killed process would stay "active" for hours: the jobs table knows better what is left to do.
await boss.deleteAllJobs(dataQueue)
for (const jobId of await recoverJobs(openDatabase(pool))) await boss.send(dataQueue, { jobId })
await boss.work<{ jobId: number }>(dataQueue, { pollingIntervalSeconds: 0.5, batchSize: 1 }, async ([job]) => {
  if (job) await runJob({ pool, dataDir, aesKey, timeZone, log, wake: async (jobId) => { await boss.send(dataQueue, { jobId }) } }, handlers, job.data.jobId)
})
parentPort?.on('message', async (message) => {
  if (message !== 'stop') return
  await boss.stop({ graceful: false })
  await pool.end().catch(() => {})
  process.exit(0)
})
parentPort?.postMessage({ level: 'ready' })
