import { createHmac } from 'node:crypto'
import t from 'tap'
import { DestinationDown, type Outgoing, type SendContext } from '../../src/destinations/sender.ts'
import { openWebhook, testWebhook, type WebhookTools } from '../../src/destinations/senders/webhook.ts'
import { encryptAes } from '../../src/identities/aes.ts'
import { openReceiver } from './receiver.ts'

const aesKey = '0123456789ABCDEF'
const tools: WebhookTools = { aesKey, privateRanges: ['127.0.0.0/8'], patience: { waits: [20, 40, 80], mostSeconds: 2 }, timeout: 400 }
const secret = 'a secret that both sides know'
const context: SendContext = { pushId: 7, audienceId: 3, runId: 1 }
const never = new AbortController().signal
const people = (count: number): Outgoing[] => Array.from({ length: count }, (_, at) => ({ userId: String(at + 1), document: JSON.stringify({ userId: String(at + 1), ids: [], fields: { city: '杭州' } }) }))
const open = (url: string, more: Partial<WebhookTools> = {}, what: Partial<SendContext> = {}) => openWebhook({ url, batch: 100, messages: true }, { secret }, { ...context, ...what }, { ...tools, ...more })
const ok = (users: Outgoing[]) => users.map(({ userId }) => ({ userId, status: 'sent', reason: '' }))

t.test('a batch is one signed request with a key of its own', async (t) => {
  const { url, taken } = await openReceiver(t, (response) => { response.end() })
  const sender = open(url)
  t.teardown(() => sender.close())
  const users = people(3)
  t.same(await sender.send(users, 'run-1-1', never), ok(users))
  const [{ headers, body }] = taken as [typeof taken[0]]
  t.same(JSON.parse(body), { schemaVersion: 1, type: 'users', pushId: 7, audienceId: 3, users: users.map(({ document }) => JSON.parse(document)) })
  t.match(headers, { 'content-type': 'application/json; charset=utf-8', 'idempotency-key': 'run-1-1' })
  t.ok(Math.abs(Number(headers['user360-timestamp']) - Date.now() / 1000) < 5)
  t.equal(headers['user360-signature'], `v1=${createHmac('sha256', secret).update(`${String(headers['user360-timestamp'])}.${body}`).digest('hex')}`)
  t.match(await testWebhook({ url, batch: 100, messages: false }, { secret }, tools), 'The receiver took a signed request without users (200).')
  t.same(JSON.parse(taken[1]!.body), { schemaVersion: 1, type: 'test' })
})

t.test('text messages go to the number that can be read, others are refused', async (t) => {
  const { url, taken } = await openReceiver(t, (response) => { response.end() })
  const sender = open(url, {}, { audienceId: null, message: { subject: '', text: 'Hello {{name|you}}, from {{city|afar}}' } })
  t.teardown(() => sender.close())
  const user = (userId: string, ids: object[], fields = {}) => ({ userId, document: JSON.stringify({ userId, ids, fields }) })
  const outcomes = await sender.send([
    user('1', [{ type: 'EMAIL', value: 'a@example.com', encryption: 'unencrypted' }, { type: 'MOBILE', value: '+86 13800000001', encryption: 'unencrypted' }], { name: '赵敏' }),
    user('2', [{ type: 'MOBILE', value: encryptAes(aesKey, '13800000002'), encryption: 'aes' }], { name: null, city: '宁波' }),
    user('3', [{ type: 'MOBILE', value: '0'.repeat(32), encryption: 'md5' }])
  ], 'k', never)
  t.same(JSON.parse(taken[0]!.body), { schemaVersion: 1, type: 'messages', pushId: 7, audienceId: null, messages: [{ userId: '1', to: '13800000001', text: 'Hello 赵敏, from afar' }, { userId: '2', to: '13800000002', text: 'Hello you, from 宁波' }] })
  t.match(outcomes, [{ status: 'sent' }, { status: 'sent' }, { status: 'refused', reason: 'There is no mobile number that can be read.' }])
})

t.test('a fault is tried again with the same key, and a new signature', async (t) => {
  const { url, taken } = await openReceiver(t, (response, turn) => { response.statusCode = turn === 1 ? 500 : 200; response.end() })
  const sender = open(url)
  t.teardown(() => sender.close())
  t.same(await sender.send(people(2), 'same', never), ok(people(2)))
  t.same(taken.map(({ headers }) => headers['idempotency-key']), ['same', 'same'])
  t.equal(taken[0]!.body, taken[1]!.body)
})

t.test('a receiver that asks to wait is waited for, up to a bound', async (t) => {
  const { url, taken } = await openReceiver(t, (response, turn) => { if (turn === 1) response.writeHead(429, { 'retry-after': '1' }); response.end() })
  const sender = open(url)
  t.teardown(() => sender.close())
  t.same(await sender.send(people(1), 'k', never), ok(people(1)))
  t.ok(taken[1]!.at - taken[0]!.at >= 950, 'a second, not a few milliseconds')
  const long = await openReceiver(t, (response) => { response.writeHead(503, { 'retry-after': new Date(Date.now() + 600_000).toUTCString() }).end() })
  const other = open(long.url)
  t.teardown(() => other.close())
  const down = await other.send(people(1), 'k', never).then(() => null, (error: DestinationDown) => error)
  t.ok(down instanceof DestinationDown && down.waitSeconds! > 590 && down.waitSeconds! <= 600, 'for longer the caller waits')
  t.equal(long.taken.length, 1)
})

t.test('no answer in time, and a connection that breaks off, are tried again and then said', async (t) => {
  const silent = await openReceiver(t, () => {})
  const waiting = open(silent.url, { timeout: 100 })
  t.teardown(() => waiting.close())
  await t.rejects(waiting.send(people(1), 'k', never), { message: 'The receiver does not answer in time.', lasting: false })
  t.equal(silent.taken.length, 4)
  const breaking = await openReceiver(t, (response, turn) => { response.writeHead(200, { 'content-length': '100' }); response.write('{'); setTimeout(() => { response.destroy() }, turn) })
  const broken = open(breaking.url)
  t.teardown(() => broken.close())
  await t.rejects(broken.send(people(1), 'k', never), { message: 'The connection to the receiver broke off.' }, 'half an answer is none')
  const gone = open('http://127.0.0.1:1/')
  await t.rejects(gone.send(people(1), 'k', never), { message: 'The receiver cannot be reached.' })
  const stopped = open(silent.url, { timeout: 60_000 })
  t.teardown(() => stopped.close())
  await t.rejects(stopped.send(people(1), 'k', AbortSignal.timeout(50)), { name: 'AbortError' }, 'a cancelled push does not wait')
})

t.test('a redirect is not followed, and 4xx is final', async (t) => {
  const behind = await openReceiver(t, (response) => { response.end() })
  const { url, taken } = await openReceiver(t, (response, turn) => { response.writeHead(turn === 1 ? 307 : 403, { location: behind.url }).end() })
  const sender = open(url)
  t.teardown(() => sender.close())
  t.match(await sender.send(people(2), 'k', never), [{ status: 'refused', reason: 'The receiver answers with a redirect (307), which is not followed.' }, { status: 'refused' }])
  t.match(await sender.send(people(2), 'k2', never), [{ status: 'refused', reason: 'The receiver refuses it (403).' }, { status: 'refused' }])
  t.equal(taken.length, 2)
  t.equal(behind.taken.length, 0)
  await t.rejects(testWebhook({ url, batch: 1, messages: false }, { secret }, tools), { message: 'The receiver answers, but refuses the request (403).' })
})

t.test('one user that the receiver does not take stops no other', async (t) => {
  const { url, taken } = await openReceiver(t, (response, _turn, { body }) => { response.statusCode = body.includes('"userId":"5"') ? 422 : 200; response.end() })
  const sender = open(url)
  t.teardown(() => sender.close())
  const outcomes = await sender.send(people(8), 'k', never)
  t.same(outcomes.map(({ status }) => status), [...Array(4).fill('sent'), 'refused', ...Array(3).fill('sent')])
  t.equal(new Set(taken.map(({ headers }) => headers['idempotency-key'])).size, taken.length, 'each part has a key of its own')
  t.equal(outcomes.map(({ userId }) => userId).join(), '1,2,3,4,5,6,7,8')

  const naming = await openReceiver(t, (response) => { response.end('{"refused": [{"userId": "2", "reason": "no\\r\\nconsent"}, {"userId": 3}, null]}') })
  const other = open(naming.url)
  t.teardown(() => other.close())
  t.same(await other.send(people(3), 'k', never), [
    { userId: '1', status: 'sent', reason: '' }, { userId: '2', status: 'refused', reason: 'The receiver refuses this user: no consent' }, { userId: '3', status: 'refused', reason: 'The receiver refuses this user.' }
  ])
})

t.test('a batch that is too large for one request is cut, always in the same places', async (t) => {
  const { url, taken } = await openReceiver(t, (response) => { response.end(`"${'x'.repeat(200_000)}"`) })
  const sender = open(url, { timeout: 5000 })
  t.teardown(() => sender.close())
  const users = Array.from({ length: 5 }, (_, at) => ({ userId: String(at + 1), document: JSON.stringify({ userId: String(at + 1), ids: [], fields: { text: 'x'.repeat(400_000) } }) }))
  t.same(await sender.send(users, 'k', never), ok(users), 'a long answer does no harm')
  await sender.send(users, 'k', never)
  t.same(taken.map(({ headers }) => headers['idempotency-key']), ['k.1', 'k.2', 'k.3', 'k.1', 'k.2', 'k.3'])
})
