import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Access } from '../src/access/access.ts'
import { addAudience } from '../src/audiences/save-audience.ts'
import { getCatalog } from '../src/catalog/queries.ts'
import type { KafkaSettings } from '../src/destinations/destination.ts'
import { insertDestination } from '../src/destinations/queries.ts'
import { openKafka } from '../src/destinations/senders/kafka.ts'
import type { Outgoing } from '../src/destinations/sender.ts'
import { findJob } from '../src/jobs/queries.ts'
import { setUpPush } from '../src/pushes/set-up-push.ts'
import { startConsole, type Console } from './console.ts'
import { loadWide } from './exports.ts'
import { megabytes, count, seconds, times, type ResultTable } from './table.ts'
import { peakOf, resetPeak } from './memory.ts'

const wanted = 50_000
const mostMemory = 300 * 1024 * 1024

/** A push of all users to Kafka, end to end, beside what the client alone reaches with documents of the same size. In a console of its own, so that nobody else is in it. */
export async function measurePushes(folder: string, rows: number, table: ResultTable): Promise<void> {
  const own = join(folder, 'exports')
  await mkdir(own, { recursive: true })
  const broker = await startBroker().catch((error: Error) => { console.log(`Pushes to Kafka are not measured: ${error.message}`) })
  if (!broker) return
  const console_ = await startConsole(own)
  try {
    await loadWide(console_, own, rows)
    const { db, queue, pid } = console_
    const operator = await db.selectFrom('operators').select(['id', 'name']).executeTakeFirstOrThrow()
    const settings: KafkaSettings = { brokers: [broker.address], topic: 'users', clientId: 'bench', sasl: 'none', username: '', tls: false, ca: '', certificate: '' }
    const name = `Mock ${Date.now()}`
    const destination = { name, id: await db.transaction().execute((trx) => insertDestination(trx, 'kafka', name, settings)) }
    const made = await addAudience(db, queue, Access.full(await getCatalog(db)), { details: { name, description: '', shared: false, groupId: null }, rules: { and: [] }, schedule: null }, operator)
    await done(console_, made.jobId)
    resetPeak(pid)
    const { pushId, jobId } = await setUpPush(db, queue, { idTypes: ['MOBILE', 'EMAIL'], fields: [], scope: 'whole', hash: null, message: null, audience: { id: made.id, name }, person: null, destination }, null, operator)
    await done(console_, jobId)
    const run = await db.selectFrom('push_runs').selectAll().where('push_id', '=', pushId).executeTakeFirstOrThrow()
    const took = ((run.ended_at?.getTime() ?? NaN) - (run.started_at?.getTime() ?? NaN)) / 1000
    const [sent, peak] = [Number(run.sent), peakOf(pid)]
    const alone = await clientAlone(settings, Math.min(sent, 200_000))
    const here = sent / took
    table.add({
      work: `push of ${count(sent)} users with 2 ID types to Kafka`, here: `${count(here)} users/s`, bare: `${count(alone)} users/s`, ratio: times(here / alone), reach: `${count(wanted)}/s or at least 0.5 x`, met: here >= wanted || here >= alone / 2,
      note: `${seconds(took)}, from the choice of users to the last acknowledgement; bare: the client alone, with documents that are ready`
    })
    table.add({ work: '… memory of the process', here: megabytes(peak), reach: 'under 300 MB', met: peak < mostMemory, note: 'peak, web server and worker thread' })
  } finally {
    await console_.stop()
    broker.stop()
  }
}

async function done({ db, queue }: Console, jobId: number | null): Promise<void> {
  if (jobId === null) return
  await queue.wake(jobId)
  for (;;) {
    const job = await findJob(db, jobId)
    if (job?.status === 'done') return
    if (job && !['waiting', 'running'].includes(job.status)) throw new Error(`${job.title} ended as ${job.status}: ${job.error}`)
    await sleep(20)
  }
}

/** Users per second of the client with batches as the push makes them. */
async function clientAlone(settings: KafkaSettings, users: number): Promise<number> {
  const sender = openKafka(settings, {}, { pushId: 1, audienceId: 1, runId: 1 }, { info() {} })
  const document = (userId: number) => JSON.stringify({ schemaVersion: 1, pushId: 1, audienceId: 1, userId: String(userId), change: 'member', ids: [{ type: 'MOBILE', value: '13812345678', encryption: 'unencrypted' }, { type: 'EMAIL', value: 'somebody.else@example.com', encryption: 'unencrypted' }], fields: {} })
  const ready = Array.from({ length: users }, (_, at): Outgoing => ({ userId: String(at), document: document(at) }))
  const signal = new AbortController().signal
  const start = performance.now()
  for (let at = 0; at < users; at += sender.batchSize) await sender.send(ready.slice(at, at + sender.batchSize), String(at), signal)
  const took = (performance.now() - start) / 1000
  await sender.close()
  return users / took
}

/** librdkafka's mock broker; its own consumer looks at another topic. */
function startBroker(): Promise<{ address: string; stop(): void }> {
  const child = spawn('kcat', ['-C', '-b', '127.0.0.1:1', '-X', 'test.mock.num.brokers=1', '-t', 'idle', '-d', 'mock'], { stdio: ['ignore', 'ignore', 'pipe'] })
  return new Promise((resolve, reject) => {
    child.on('error', () => { reject(new Error('kcat (Debian package kcat) is not on this machine.')) })
    createInterface({ input: child.stderr }).on('line', (line) => {
      const address = /bootstrap\.servers=(\S+)/.exec(line)?.[1]
      if (address) resolve({ address, stop: () => { child.kill('SIGKILL') } })
    })
  })
}
