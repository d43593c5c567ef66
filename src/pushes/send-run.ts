import { readSnapshot } from '../db/snapshot.ts'
import type { Destination } from '../destinations/destination.ts'
import { schemaVersion, type Outgoing, type Sender } from '../destinations/sender.ts'
import { JobCancelled, type JobContext } from '../jobs/job.ts'
import { isJobCancelled } from '../jobs/queries.ts'
import { decryptIds, holdsAes } from './decrypt.ts'
import { deliver } from './deliver.ts'
import { shapeOf, type DocumentShape } from './document.ts'
import type { Push, PushRun } from './push.ts'
import { listBatches, setBatchDone, type Batch } from './queries/batches.ts'
import { listDocuments, type Rendered } from './queries/documents.ts'
import { rightsFor } from './rights.ts'
import { withFreshTables } from './with-fresh-tables.ts'

const usersAtOnce = 5000
const batchesAtOnce = 10
const cancelPoll = 500

interface Ready { batch: Batch; outgoing: Outgoing[]; types: Map<string, string[]> }

/**
 * Sends the frozen batches of a run that are left, in order, and records each as soon as it is acknowledged. A few thousand users are
 * read at a time, each time with what who set the push up may see then: a destination that is slow keeps no snapshot open.
 */
export async function sendRun(context: JobContext, run: PushRun, push: Push, destination: Destination, sender: Sender): Promise<void> {
  const { db } = context
  const stop = new AbortController()
  const poll = setInterval(() => void isJobCancelled(db, context.jobId).then((asked) => { if (asked) stop.abort() }).catch(() => {}), cancelPoll)
  const keepsSent = push.scope === 'change'
  const total = run.total ?? 0
  const counts = { ...run.counts }
  let done = run.sent + run.refused + run.leftOut
  const progress = (stage: string) => context.progress(stage, done, total)
  try {
    progress('Sending')
    for (let next = read(context, run, push, destination, sender, 0); ;) {
      const ready = await next
      if (ready.length === 0) return
      next = read(context, run, push, destination, sender, ready.at(-1)!.batch.number)
      // It may fail while this one is sent; then it is told when its turn comes.
      next.catch(() => {})
      for (const { batch, outgoing, types } of ready) {
        stop.signal.throwIfAborted()
        const outcomes = await deliver(sender, outgoing, `${run.id}-${batch.number}`, stop.signal, (why) => progress(`Waiting for the destination. ${why}`))
        const sent = outgoing.flatMap(({ userId }) => (outcomes.get(userId)?.status === 'sent' ? [userId] : []))
        for (const userId of sent) for (const type of types.get(userId) ?? []) counts[type] = (counts[type] ?? 0) + 1
        const failures = outgoing.flatMap(({ userId }) => { const outcome = outcomes.get(userId); return outcome?.status === 'sent' ? [] : [{ userId, reason: outcome?.reason ?? 'The destination did not answer for this user.' }] })
        await setBatchDone(db, { id: run.id, pushId: push.id, keepsSent }, batch, { sent, failures, leftOut: batch.userIds.length - outgoing.length, counts })
        done += batch.userIds.length
        progress('Sending')
      }
    }
  } catch (error) {
    if (stop.signal.aborted) throw new JobCancelled('cancelled')
    throw error
  } finally {
    clearInterval(poll)
  }
}

/** The next batches with the documents of their users as they are now. */
async function read({ db, timeZone, aesKey }: JobContext, run: PushRun, push: Push, destination: Destination, sender: Sender, after: number): Promise<Ready[]> {
  return withFreshTables(() => readSnapshot(db, async (snapshot) => {
    // Mails go out slowly: nothing is read long before its turn.
    const limit = push.message ? 1 : Math.max(1, Math.min(batchesAtOnce, Math.floor(usersAtOnce / sender.batchSize)))
    const [first, ...more] = await listBatches(snapshot, run.id, after, limit)
    if (!first) return []
    const batches = [first, ...more]
    const access = await rightsFor(snapshot, push, destination)
    const shape = shapeOf(access, { ...push, audienceId: push.person === null ? push.audience.id : null })
    const rendered = new Map((await listDocuments(snapshot, access, timeZone, shape, first.change, batches.flatMap(({ userIds }) => userIds))).map((one) => [one.userId, one]))
    // Writers of messages open what they need themselves; brokers get values as they came.
    const opens = destination.kind === 'webhook' && !push.message && holdsAes(shape)
    return batches.map((batch) => readyOf(batch, shape, rendered, opens ? (ids) => decryptIds(ids, aesKey) : null))
  }))
}

function readyOf(batch: Batch, shape: DocumentShape, rendered: ReadonlyMap<string, Rendered>, opened: ((ids: string) => { type: string }[]) | null): Ready {
  const types = new Map<string, string[]>()
  // Most users have the same types.
  const known = new Map<string, string[]>()
  const outgoing = batch.userIds.flatMap((userId): Outgoing[] => {
    const found = rendered.get(userId)
    // Who is not found any more is gone for who set the push up, which is all that the receiver is told.
    if (!found) return batch.change === 'left' ? [{ userId, document: JSON.stringify({ schemaVersion, pushId: shape.pushId, audienceId: shape.audienceId, userId, change: 'left', ids: [], fields: {} }) }] : []
    const plain = opened?.(found.ids)
    const ids = plain ? plain.map((id) => JSON.stringify(id)).join(',') : found.ids
    if (ids === '' && batch.change !== 'left') return []
    const own = plain ? [...new Set(plain.map(({ type }) => type))] : known.get(found.types) ?? typesIn(shape, Number(found.types))
    if (!plain) known.set(found.types, own)
    types.set(userId, own)
    return [{ userId, document: `${found.before}${ids}${found.after}` }]
  })
  return { batch, outgoing, types }
}

function typesIn(shape: DocumentShape, bits: number): string[] {
  return shape.ids.flatMap(({ type }, bit) => (Math.floor(bits / 2 ** bit) % 2 === 1 ? [type] : []))
}
