import { parseArgs } from 'node:util'
import { loadConfig } from '../config.ts'
import { openDatabase, openPool } from '../db/database.ts'
import { openRuntime } from '../db/open-runtime.ts'
import { formatCount } from '../format.ts'
import { findJob, insertJob } from '../jobs/queries.ts'
import { openQueue } from '../jobs/queue.ts'
import { runJob } from '../jobs/run-job.ts'
import { requestErasure } from './request-erasure.ts'
import { runErase } from './run-erase.ts'

const usage = `Erases everything known of a person, for good: rows, decisions, history, waiting and exported files.
  npm run erase -- USER_ID --yes    USER_ID is any number that leads to the person; without --yes nothing is done`

/** The command line, beside a running console or alone. Answers the exit status. */
async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { yes: { type: 'boolean' } } })
  const [number, ...rest] = positionals
  if (!number || rest.length > 0 || !/^[1-9]\d{0,17}$/.test(number) || !values.yes) {
    console.error(usage)
    return 2
  }
  const config = loadConfig(process.env)
  const log = { info() {}, error: (data: object, text: string) => { console.error(text, data) } }
  const runtime = await openRuntime(config, (message) => { console.error(message) })
  const pool = openPool(runtime.url, { max: 4, name: 'user-360-erase' })
  const queue = await openQueue(runtime.url, log)
  const db = openDatabase(pool)
  try {
    const jobId = await requestErasure(db, (trx, job) => insertJob(trx, { ...job, origin: 'command' }), number, null)
    await runJob({ pool, dataDir: config.dataDir, aesKey: config.aesKey ?? null, timeZone: config.timeZone, log, wake: queue.wake }, { erase: runErase }, jobId)
    const job = await findJob(db, jobId)
    if (job?.status !== 'done') throw new Error(job?.error ?? `The erasure was ${job?.status ?? 'lost'}.`)
    const { rowsErased } = job.result as { rowsErased: number }
    console.log(`Erased: ${formatCount(rowsErased, 'row')}. Backups, and files that were downloaded, are not reached.`)
    return 0
  } finally {
    await queue.stop()
    await pool.end()
    await runtime.stop()
  }
}

main(process.argv.slice(2)).then((status) => { process.exitCode = status }, (error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
