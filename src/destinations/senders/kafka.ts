import kafkajs from 'kafkajs'
import type { Message, Producer } from 'kafkajs'
import type { KafkaSettings, Secrets } from '../destination.ts'
import { schemaVersion, type Outcome, type Outgoing, type SendContext, type Sender } from '../sender.ts'
import { kafkaDown, kafkaOptions, type SenderLog } from './kafka-client.ts'

// Brokers take 1 MB of records at once unless told otherwise, the room that headers and lengths need included.
const mostBytes = 900_000
const besideDocument = 200
const tooLarge = 'This message is larger than the brokers take.'

/** Sends one message per user, in order, a part of the batch after the other, each acknowledged by all replicas. */
export function openKafka(settings: KafkaSettings, secrets: Secrets, context: SendContext, log: SenderLog): Sender {
  const kafka = new kafkajs.Kafka(kafkaOptions(settings, secrets, log))
  const headers = { 'user360-schema': String(schemaVersion), 'user360-push': String(context.pushId), ...(context.audienceId === null ? {} : { 'user360-audience': String(context.audienceId) }) }
  let producer: Producer | undefined
  /** How many users of the last batch were acknowledged: they are not sent again where it is repeated. */
  let done = { key: '', outcomes: [] as Outcome[] }

  async function connected(): Promise<Producer> {
    if (producer) return producer
    const made = kafka.producer({ allowAutoTopicCreation: false, maxInFlightRequests: 1, createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
    await made.connect()
    producer = made
    return made
  }

  async function disconnect(): Promise<void> {
    const old = producer
    producer = undefined
    await old?.disconnect().catch(() => {})
  }

  async function sendPart(part: readonly Outgoing[]): Promise<Outcome[]> {
    const messages = part.map(({ userId, document }): Message => ({ key: userId, value: document, headers }))
    try {
      await (await connected()).send({ topic: settings.topic, acks: -1, messages })
      return part.map(({ userId }) => ({ userId, status: 'sent', reason: '' }))
    } catch (error) {
      if (!isTooLarge(error)) throw error
      if (part.length === 1) return [{ userId: part[0]!.userId, status: 'refused', reason: tooLarge }]
      const half = part.length >> 1
      return [...await sendPart(part.slice(0, half)), ...await sendPart(part.slice(half))]
    }
  }

  return {
    batchSize: 5000,
    async send(batch, key, signal) {
      if (done.key !== key) done = { key, outcomes: [] }
      const { outcomes } = done
      try {
        for (const part of partsOf(batch.slice(outcomes.length))) {
          signal.throwIfAborted()
          outcomes.push(...await sendPart(part))
        }
      } catch (error) {
        if (signal.aborted) throw error
        // The next attempt begins with a connection of its own.
        await disconnect()
        throw kafkaDown(error, settings)
      }
      return [...outcomes]
    },
    close: disconnect
  }
}

function isTooLarge(error: unknown): boolean {
  const { type, cause, originalError } = error as { type?: string; cause?: unknown; originalError?: unknown }
  return type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE' || (cause !== undefined && isTooLarge(cause)) || (originalError !== undefined && isTooLarge(originalError))
}

/** Cuts a batch where the records together grow too large for one request. */
function* partsOf(batch: readonly Outgoing[]): Generator<Outgoing[]> {
  let part: Outgoing[] = []
  let bytes = 0
  for (const user of batch) {
    const size = Buffer.byteLength(user.document) + besideDocument
    if (part.length && bytes + size > mostBytes) {
      yield part
      part = []
      bytes = 0
    }
    part.push(user)
    bytes += size
  }
  if (part.length) yield part
}
