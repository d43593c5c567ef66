import { parentPort, workerData } from 'node:worker_threads'
import type { Outside } from './config.ts'
import { openDatabase, openPool } from './db/database.ts'
import { clearExports } from './exports/delete-files.ts'
import { handlers } from './handlers.ts'
import { lanes } from './jobs/lanes.ts'
import { recoverJobs } from './jobs/queries.ts'
import { openBoss, sendJob } from './jobs/queue.ts'
import { loggedError } from './logged-error.ts'
import { runJob } from './jobs/run-job.ts'
import { clearMatchingFiles } from './pushes/files.ts'

/** The worker thread: takes the jobs of each lane one after another, with connections of its own. */
const { url, dataDir, aesKey, timeZone, outside } = workerData as { url: string; dataDir: string; aesKey: string | null; timeZone: string; outside?: Outside }
// A job holds its lane, works on a connection and reports on another; while rows are staged a fourth takes the rejected ones.
const pool = openPool(url, { max: 5 * lanes.length, name: 'user-360-jobs' })
const log = {
  info: (data: object, text: string) => parentPort?.postMessage({ level: 'info', data, text }),
  error: (data: object, text: string) => parentPort?.postMessage({ level: 'error', data: { ...data, err: loggedError((data as { err?: unknown }).err) }, text })
}
const boss = await openBoss(url, log, { supervise: true })
const wake = (jobId: number) => sendJob(boss, openDatabase(pool), jobId)
await clearExports(openDatabase(pool), dataDir)
await clearMatchingFiles(openDatabase(pool), dataDir)
// Jobs of a killed process would stay "active" for hours: the jobs table knows better what is left to do.
for (const { name } of lanes) await boss.deleteAllJobs(name)
for (const jobId of await recoverJobs(openDatabase(pool))) await wake(jobId)
for (const { name } of lanes) {
  await boss.work<{ jobId: number }>(name, { pollingIntervalSeconds: 0.5, batchSize: 1 }, async ([job]) => {
    if (job) await runJob({ pool, dataDir, aesKey, timeZone, outside, log, wake }, handlers, job.data.jobId)
  })
}
parentPort?.on('message', async (message) => {
  if (message !== 'stop') return
  await boss.stop({ graceful: false })
  await pool.end().catch(() => {})
  process.exit(0)
})
parentPort?.postMessage({ level: 'ready' })
