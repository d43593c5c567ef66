import t from 'tap'
import type { KafkaSettings } from '../../src/destinations/destination.ts'
import { DestinationDown, type Outgoing, type Sender } from '../../src/destinations/sender.ts'
import { openKafka } from '../../src/destinations/senders/kafka.ts'
import { testKafka } from '../../src/destinations/senders/test-kafka.ts'
import { openFlakyPort } from './flaky-port.ts'
import { skip, startBroker, waitFor, type Received } from './mock-kafka.ts'

const settingsFor = (address: string): KafkaSettings => ({ brokers: [address], topic: 'users', clientId: 'user-360', sasl: 'none', username: '', tls: false, ca: '', certificate: '' })
const context = { pushId: 7, audienceId: 3, runId: 1 }
const log = { info() {} }
const never = new AbortController().signal
const people = (count: number): Outgoing[] => Array.from({ length: count }, (_, at) => ({ userId: String(at + 1), document: JSON.stringify({ userId: String(at + 1), ids: [], fields: { city: `杭州 ${at}`, note: 'x'.repeat(300) } }) }))

/** Positions of users in the order of their first arrival, a list for each partition. */
function orders(received: readonly Received[]): number[][] {
  const lists = new Map<number, Set<number>>()
  for (const { key, partition } of received) lists.set(partition, (lists.get(partition) ?? new Set()).add(Number(key)))
  return [...lists.values()].map((list) => [...list])
}

t.test('each user is one message with its key and headers, in order, and none is lost', { skip }, async (t) => {
  const broker = await startBroker(t)
  const sender = openKafka(settingsFor(broker.address), {}, context, log)
  t.teardown(() => sender.close())
  const users = people(20_000)
  for (let at = 0; at < users.length; at += 4000) {
    const part = users.slice(at, at + 4000)
    t.same((await sender.send(part, `run-1-${at}`, never)).map(({ userId, status }) => [userId, status]), part.map(({ userId }) => [userId, 'sent']))
  }
  await waitFor(() => broker.received.length >= users.length)
  t.equal(broker.received.length, users.length)
  t.same(new Map(broker.received.map(({ key, value }) => [key, value])), new Map(users.map(({ userId, document }) => [userId, document])), 'as they were given')
  t.same(broker.received[0]?.headers, ['user360-schema', '1', 'user360-push', '7', 'user360-audience', '3'])
  for (const order of orders(broker.received)) t.same(order, order.toSorted((a, b) => a - b), 'a partition has them in order')
  t.match(await testKafka(settingsFor(broker.address), {}, log), '1 broker answers; the topic users has 4 partitions. No message was sent.')
})

t.test('one person alone is of no audience', { skip }, async (t) => {
  const broker = await startBroker(t)
  const sender = openKafka(settingsFor(broker.address), {}, { ...context, audienceId: null }, log)
  t.teardown(() => sender.close())
  await sender.send(people(1), 'a', never)
  await waitFor(() => broker.received.length >= 1)
  t.same(broker.received[0]?.headers, ['user360-schema', '1', 'user360-push', '7'])
})

t.test('where the broker goes in the middle, the batch is sent again when it is back: nothing is lost, and at most one batch comes twice', { skip }, async (t) => {
  const broker = await startBroker(t)
  const port = await openFlakyPort(t, broker.address)
  const sender = openKafka(settingsFor(port.address), {}, context, log)
  t.teardown(() => sender.close())
  const users = people(20_000)
  let falls = 0
  for (let at = 0; at < users.length; at += 5000) {
    const part = users.slice(at, at + 5000)
    // Between two requests of the second batch, and again in the fourth.
    if (at === 5000 || at === 15_000) setTimeout(() => { port.cut() }, 10)
    falls += await persist(sender, part, `run-1-${at}`, () => { port.restore() })
  }
  t.ok(falls > 0, 'it did fall')
  await waitFor(() => new Set(broker.received.map(({ key }) => key)).size >= users.length)
  t.equal(new Set(broker.received.map(({ key }) => key)).size, users.length, 'everybody arrived')
  t.ok(broker.received.length - users.length <= falls * 5000, `${broker.received.length - users.length} came twice`)
  for (const order of orders(broker.received)) t.same(order, order.toSorted((a, b) => a - b), 'and in order')
})

async function persist(sender: Sender, part: Outgoing[], key: string, mend: () => void): Promise<number> {
  for (let falls = 0; ; falls++) {
    try {
      const outcomes = await sender.send(part, key, never)
      if (outcomes.some(({ status }) => status !== 'sent') || outcomes.length !== part.length) throw new Error('not all were sent')
      return falls
    } catch (error) {
      if (!(error instanceof DestinationDown) || falls > 5) throw error
      mend()
    }
  }
}

t.test('a broker that is not there is said within seconds', async (t) => {
  const [at, nowhere] = [Date.now(), settingsFor('127.0.0.1:1')]
  const sender = openKafka(nowhere, {}, context, log)
  await t.rejects(sender.send(people(1), 'a', never), { message: 'The broker 127.0.0.1:1 cannot be reached.', lasting: false })
  await sender.close()
  await t.rejects(testKafka(nowhere, {}, log), { message: 'The broker 127.0.0.1:1 cannot be reached.' })
  await t.rejects(testKafka({ ...nowhere, brokers: ['127.0.0.1:1', '127.0.0.1:2'] }, {}, log), { message: 'None of the brokers 127.0.0.1:1, 127.0.0.1:2 can be reached.' })
  t.ok(Date.now() - at < 15_000)
})

t.test('a broker without TLS or sign-in is told apart, and a cancelled push ends', { skip }, async (t) => {
  const broker = await startBroker(t)
  await t.rejects(testKafka({ ...settingsFor(broker.address), tls: true }, {}, log), { message: 'The brokers close the connection. Does this port speak TLS?' })
  await t.rejects(testKafka({ ...settingsFor(broker.address), sasl: 'plain', username: 'u' }, { password: 'p' }, log), { message: 'The brokers know no signing in.', lasting: true })
  const sender = openKafka(settingsFor(broker.address), {}, context, log)
  t.teardown(() => sender.close())
  await t.rejects(sender.send(people(1), 'a', AbortSignal.abort(new Error('stopped'))), /stopped/)
})
