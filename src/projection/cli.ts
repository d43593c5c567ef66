import { loadConfig } from '../config.ts'
import { openDatabase, openPool } from '../db/database.ts'
import { openRuntime } from '../db/open-runtime.ts'
import { formatCount } from '../format.ts'
import { findJob, insertJob } from '../jobs/queries.ts'
import { runJob } from '../jobs/run-job.ts'
import type { Difference } from './differences.ts'
import { runReproject } from './run-reproject.ts'

/** `npm run rebuild`: makes everything that pages show anew from imported rows, ID mapping and decisions, beside a running console or alone, and says where that differed. */
async function main(): Promise<number> {
  const config = loadConfig(process.env)
  const runtime = await openRuntime(config, (message) => { console.error(message) })
  const pool = openPool(runtime.url, { max: 4, name: 'user-360-rebuild' })
  const db = openDatabase(pool)
  try {
    const id = await insertJob(db, { kind: 'reproject', title: 'Rebuild of what pages show', payload: { compare: true }, operatorId: null, origin: 'command' })
    const log = { info() {}, error: (data: object, text: string) => { console.error(text, data) } }
    await runJob({ pool, dataDir: config.dataDir, aesKey: config.aesKey ?? null, timeZone: config.timeZone, log }, { reproject: runReproject }, id)
    const job = await findJob(db, id)
    if (job?.status !== 'done') throw new Error(job?.error ?? `The rebuild was ${job?.status ?? 'lost'}.`)
    const { differences } = job.result as { differences: Difference[] }
    for (const { table, users } of differences) console.log(`${formatCount(users, 'user')} of ${table} showed something else than imported rows, mapping and decisions say. It is right now; please report it.`)
    console.log(differences.length ? 'Rebuilt.' : 'Rebuilt. Nothing differed.')
    return 0
  } finally {
    await pool.end()
    await runtime.stop()
  }
}

main().then((status) => { process.exitCode = status }, (error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
