import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import kafkajs from 'kafkajs'
import type { KafkaSettings } from '../src/destinations/destination.ts'
import type { Outgoing } from '../src/destinations/sender.ts'
import { openKafka } from '../src/destinations/senders/kafka.ts'
import { count, times, type ResultTable } from './table.ts'
import { median, secondsOf } from './timing.ts'

const turns = 5
const wanted = 50_000

/** Users that the mock broker of librdkafka acknowledges in a second, by the sender of pushes and by its client alone, by turns. */
export async function measureKafka(rows: number, table: ResultTable): Promise<void> {
  if (spawnSync('kcat', ['-V']).status !== 0) return console.log('Kafka is not measured: kcat, whose mock broker is talked to, is not on this machine.')
  const users = peopleOf(Math.min(rows, 200_000))
  const [ours, bare]: [number[], number[]] = [[], []]
  for (let turn = 0; turn <= turns; turn++) {
    const [own, alone] = [await withBroker((address) => sendAll(address, users)), await withBroker((address) => produceAll(address, users))]
    // The first turn warms both up.
    if (turn > 0) { ours.push(users.length / own); bare.push(users.length / alone) }
  }
  const [here, client] = [median(ours), median(bare)]
  table.add({
    work: 'Kafka, one message per user', here: `${count(here)} users/s`, bare: `${count(client)} messages/s, the client alone`, ratio: times(here / client),
    reach: `${count(wanted)} users/s, or 0.5 x`, met: here >= wanted || here >= client / 2, note: `acknowledged by the mock broker; documents of ${users[0]!.document.length} bytes`
  })
}

function peopleOf(rows: number): Outgoing[] {
  return Array.from({ length: rows }, (_, at) => {
    const userId = String(at + 1)
    return { userId, document: JSON.stringify({ schemaVersion: 1, pushId: 7, audienceId: 3, userId, change: 'member', ids: [{ type: 'MOBILE', value: `138${String(at).padStart(8, '0')}`, encryption: 'unencrypted' }], fields: { city: '杭州市', level: 'Gold', points: at, likes: ['coffee', 'golf'] } }) }
  })
}

async function sendAll(address: string, users: readonly Outgoing[]): Promise<number> {
  const settings: KafkaSettings = { brokers: [address], topic: 'users', clientId: 'user-360', sasl: 'none', username: '', tls: false, ca: '', certificate: '' }
  const sender = openKafka(settings, {}, { pushId: 7, audienceId: 3, runId: 1 }, { info() {} })
  const never = new AbortController().signal
  await sender.send(users.slice(0, 1), 'first', never)
  const spent = await secondsOf(async () => {
    for (let at = 0; at < users.length; at += sender.batchSize) {
      const outcomes = await sender.send(users.slice(at, at + sender.batchSize), `1-${at}`, never)
      if (outcomes.some(({ status }) => status !== 'sent')) throw new Error('The mock broker refused a user')
    }
  })
  await sender.close()
  return spent
}

/** As much in a request as the broker takes, and nothing else. */
async function produceAll(address: string, users: readonly Outgoing[]): Promise<number> {
  const producer = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING }).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  await producer.connect()
  const send = (from: number, to: number) => producer.send({ topic: 'users', acks: -1, messages: users.slice(from, to).map(({ userId, document }) => ({ key: userId, value: document })) })
  await send(0, 1)
  const spent = await secondsOf(async () => { for (let at = 0; at < users.length; at += 5000) await send(at, at + 5000) })
  await producer.disconnect()
  return spent
}

/** A broker for one turn, which holds all that it is sent in memory; its producer waits for lines that never come. */
async function withBroker(work: (address: string) => Promise<number>): Promise<number> {
  const broker = spawn('kcat', ['-P', '-b', '127.0.0.1:1', '-X', 'test.mock.num.brokers=1', '-t', 'users', '-d', 'mock'], { stdio: ['pipe', 'ignore', 'pipe'] })
  try {
    let address = ''
    await new Promise<void>((resolve, reject) => {
      broker.on('exit', () => { reject(new Error('The mock broker ended')) })
      createInterface({ input: broker.stderr }).on('line', (line) => {
        address ||= /bootstrap\.servers=(\S+)/.exec(line)?.[1] ?? ''
        if (line.includes('Created topic')) resolve()
      })
    })
    return await work(address)
  } finally {
    broker.removeAllListeners('exit')
    broker.kill('SIGKILL')
  }
}
