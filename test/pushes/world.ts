import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { addAudience } from '../../src/audiences/save-audience.ts'
import { Access } from '../../src/access/access.ts'
import { getCatalog } from '../../src/catalog/queries.ts'
import type { Condition } from '../../src/catalog/condition.ts'
import type { Db } from '../../src/db/database.ts'
import type { DestinationKind } from '../../src/destinations/destination.ts'
import { insertDestination, setDestination } from '../../src/destinations/queries.ts'
import { destinationKeys } from '../../src/destinations/seal.ts'
import { insertJob } from '../../src/jobs/queries.ts'
import type { Queue } from '../../src/jobs/queue.ts'
import type { PushContent } from '../../src/pushes/push.ts'
import { setUpPush } from '../../src/pushes/set-up-push.ts'
import { nothingOutside } from '../helper.ts'

type Test = { teardown(fn: () => unknown): unknown }

export const queue: Queue = { enqueue: insertJob, wake: async () => {}, stop: async () => {} }
/** Webhooks and mail servers of tests stand on this machine. */
export const outside = { ...nothingOutside, privateRanges: ['127.0.0.0/8'] }

export interface Received { key: string; body: { type: string; users: { userId: string; change: string; ids: { type: string; value: string; encryption: string }[]; fields: Record<string, unknown> }[] } }

/** A receiver of webhooks that remembers what came. `answer` decides what is said to a request. */
export async function receiver(t: Test, answer: (got: Received, request: IncomingMessage) => { status: number; body?: string } | Promise<{ status: number; body?: string }> = () => ({ status: 200 })): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const got: Received = { key: String(request.headers['idempotency-key']), body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Received['body'] }
      void (async () => {
        const { status, body = '' } = await answer(got, request)
        if (status >= 200 && status < 300) received.push(got)
        response.writeHead(status).end(body)
      })()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.closeAllConnections(); server.close() })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/users`, received }
}

export async function makeDestination({ db, dataDir }: { db: Db; dataDir: string }, kind: DestinationKind, settings: object, name = `A ${kind}`): Promise<{ id: number; name: string }> {
  return db.transaction().execute(async (trx) => {
    const id = await insertDestination(trx, kind, name, settings)
    const keys = await destinationKeys(dataDir)
    await setDestination(trx, id, { name, settings, secrets: kind === 'webhook' ? { secret: keys.seal('a secret for signatures', id, 'secret') } : {} })
    return { id, name }
  })
}

export const kafkaAt = (broker: string) => ({ brokers: [broker], topic: 'users', clientId: 'user-360', sasl: 'none', username: '', tls: false, ca: '', certificate: '' })
export const webhookAt = (url: string, batch = 2) => ({ url, batch, messages: true })

/** An audience of everybody for whom a condition holds, built by the job. */
export async function makeAudience({ db, runJobs }: { db: Db; runJobs(): Promise<void> }, operator: { id: number; name: string }, rules: Condition, name = 'Spring letter'): Promise<{ id: number; name: string }> {
  const { id } = await addAudience(db, queue, Access.full(await getCatalog(db)), { details: { name, description: '', shared: false, groupId: null }, rules, schedule: null }, operator)
  await runJobs()
  return { id, name }
}

export const plainContent: PushContent = { idTypes: ['MOBILE'], fields: [], scope: 'whole', hash: null, message: null }

/** Sets a push up and orders its run. */
export async function push({ db }: { db: Db }, audience: { id: number; name: string }, destination: { id: number; name: string }, operator: { id: number; name: string }, content: Partial<PushContent> & { person?: string } = {}): Promise<number> {
  const { person = null, ...rest } = content
  return (await setUpPush(db, queue, { ...plainContent, ...rest, person, audience, destination }, null, operator)).pushId
}

export async function runsOf({ db }: { db: Db }, pushId: number) {
  return db.selectFrom('push_runs').selectAll().where('push_id', '=', pushId).orderBy('id').execute()
}
