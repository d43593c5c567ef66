import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { openSecrets } from '../../src/destinations/open-sender.ts'
import { getDestination, listUsable } from '../../src/destinations/queries.ts'
import { destinationKeys } from '../../src/destinations/seal.ts'
import { build, nothingOutside, type TestApp } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { openMailServer } from './mail-server.ts'
import { hasKcat, startBroker } from './mock-kafka.ts'
import { openReceiver } from './receiver.ts'

const kafka = { kind: 'kafka', name: 'Shop topic', brokers: 'kafka-1.example.com:9092\nkafka-2.example.com:9092', topic: 'users', clientId: 'crm', sasl: 'scram-sha-512', username: 'ann', password: 'geheim-kafka', tls: 'on' }
const webhook = { kind: 'webhook', name: 'Hook', url: 'https://hooks.example.com/users', secret: 'geheim-webhook-1234', batch: '200' }
const email = { kind: 'email', name: 'Newsletter', from: 'Shop <news@shop.example>', perMinute: '60', ownServer: 'on', host: 'smtp.example.com', port: '587', security: 'starttls', username: 'shop', password: 'geheim-mail' }

const seenIn = (body: string) => /name="seen" value="([^"]*)"/.exec(body)?.[1] ?? ''

async function add(world: TestApp, form: Record<string, string | string[]>): Promise<number> {
  const answer = await world.as({ method: 'POST', url: '/settings/destinations', form })
  if (answer.statusCode !== 303) throw new Error(`${answer.statusCode}: ${answer.body.replaceAll(/<[^>]+>|\s+/g, ' ').slice(0, 2000)}`)
  return (await world.db.selectFrom('destinations').select('id').where('name', '=', String(form['name'])).executeTakeFirstOrThrow()).id
}

const secretsOf = async ({ db, dataDir }: TestApp, id: number) => openSecrets(await destinationKeys(dataDir), await getDestination(db, id))

t.test('a destination is added, shown without its secrets, changed and deleted', async (t) => {
  const world = await build(t)
  t.match((await world.as({ url: '/settings/destinations' })).body, /can be sent nowhere yet/)
  for (const kind of ['kafka', 'webhook', 'email', 'data_bank']) t.match((await world.as({ url: '/settings/destinations/new' })).body, `/settings/destinations/new?kind=${kind}`)
  t.equal((await world.as({ url: '/settings/destinations/new?kind=pigeon' })).statusCode, 404)
  const id = await add(world, kafka)
  t.same(await secretsOf(world, id), { password: 'geheim-kafka' })
  const page = (await world.as({ url: `/settings/destinations/${id}` })).body
  t.match(page, 'kafka-1.example.com:9092\nkafka-2.example.com:9092</textarea>')
  t.match(page, /One is kept and never shown/)
  t.match((await world.as({ url: '/settings/destinations' })).body, 'users at kafka-1.example.com:9092, kafka-2.example.com:9092')
  const { password: _password, ...kept } = kafka
  const saved = await world.as({ method: 'POST', url: `/settings/destinations/${id}`, form: { ...kept, topic: 'people', seen: seenIn(page) } })
  t.equal(saved.statusCode, 303)
  t.same(await secretsOf(world, id), { password: 'geheim-kafka' }, 'an empty field keeps it')
  const stale = await world.as({ method: 'POST', url: `/settings/destinations/${id}`, form: { ...kept, topic: 'folk', seen: seenIn(page) } })
  t.equal(stale.statusCode, 409)
  t.match(stale.body, /Somebody else changed this/)
  t.match(stale.body, 'value="people"')
  const now = seenIn((await world.as({ url: `/settings/destinations/${id}` })).body)
  await world.as({ method: 'POST', url: `/settings/destinations/${id}`, form: { ...kept, sasl: 'none', seen: now } })
  t.same(await secretsOf(world, id), {}, 'one that is no longer needed goes')
  t.match((await world.as({ url: `/settings/destinations/${id}/deletion` })).body, 'Delete the destination')
  t.equal((await world.as({ method: 'POST', url: `/settings/destinations/${id}/deletion`, form: {} })).statusCode, 303)
  t.equal((await world.as({ url: `/settings/destinations/${id}` })).statusCode, 404)
})

t.test('a destination that a push still needs stays', async (t) => {
  const world = await build(t)
  const id = await add(world, webhook)
  const { id: push } = await world.db.insertInto('pushes').values({ destination_id: id, destination_name: 'Hook', audience_name: 'Golfers', operator_id: 1, id_types: [], scope: 'whole' } as never).returning('id').executeTakeFirstOrThrow()
  await world.db.insertInto('push_runs').values({ push_id: push } as never).execute()
  t.match((await world.as({ url: `/settings/destinations/${id}/deletion` })).body, '1 push uses this destination. Remove it first.')
  const refused = await world.as({ method: 'POST', url: `/settings/destinations/${id}/deletion`, form: {} })
  t.equal(refused.statusCode, 409)
  t.match(refused.body, 'Nothing was deleted.')
  await world.db.updateTable('pushes').set({ ended_at: new Date() } as never).execute()
  t.equal((await world.as({ method: 'POST', url: `/settings/destinations/${id}/deletion`, form: {} })).statusCode, 303, 'the record of one that ended stays, by its name')
})

t.test('no secret stands in the database, on a page or in the history', async (t) => {
  const world = await build(t)
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = String(privateKey.export({ format: 'pem', type: 'pkcs8' })).split('\n')[1]!
  const wrong = await world.as({ method: 'POST', url: '/settings/destinations', form: { ...kafka, topic: '', key: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string } })
  t.equal(wrong.statusCode, 422)
  const bodies = [wrong.body]
  for (const form of [kafka, webhook, email]) {
    const id = await add(world, form)
    bodies.push((await world.as({ url: `/settings/destinations/${id}` })).body, (await world.as({ method: 'POST', url: `/settings/destinations/${id}`, form: { ...form, name: '' } })).body)
    await world.as({ method: 'POST', url: `/settings/destinations/${id}`, form: { ...form, seen: seenIn(bodies.at(-2)!) } })
  }
  bodies.push((await world.as({ url: '/settings/destinations' })).body)
  for (const { id } of await world.db.selectFrom('history_entries').select('id').execute()) bodies.push((await world.as({ url: `/settings/history/${id}` })).body)
  bodies.push(JSON.stringify(await world.db.selectFrom('destinations').selectAll().execute()), JSON.stringify(await world.db.selectFrom('history_items').selectAll().execute()))
  for (const body of bodies) t.notMatch(body, new RegExp(`geheim|${pem.replaceAll(/[+/]/g, '\\$&')}`))
  t.match(bodies.at(-1), '"set anew"', 'that it was set is said')
})

t.test('a kept password goes to no other server', async (t) => {
  const world = await build(t)
  const id = await add(world, email)
  const { password: _password, ...kept } = email
  const seen = seenIn((await world.as({ url: `/settings/destinations/${id}` })).body)
  const moved = await world.as({ method: 'POST', url: `/settings/destinations/${id}`, form: { ...kept, host: 'smtp.evil.example', seen } })
  t.equal(moved.statusCode, 422)
  t.match(moved.body, /It was typed for another server/)
  const tried = await world.as({ method: 'POST', url: `/settings/destinations/${id}/test`, form: { ...kept, host: '127.0.0.1', port: '1', seen } })
  t.match(tried.body, /Nothing was tried\. It was typed for another server/)
  t.equal((await world.as({ method: 'POST', url: `/settings/destinations/${id}`, form: { ...kept, perMinute: '30', seen } })).statusCode, 303)
})

t.test('what cannot work is refused with words at its field', async (t) => {
  const world = await build(t)
  const refused = async (form: Record<string, string>, field: string, words: RegExp) => {
    const { statusCode, body } = await world.as({ method: 'POST', url: '/settings/destinations', form })
    t.equal(statusCode, 422, field)
    t.match(body.slice(body.indexOf(`id="${field}-error"`)).slice(0, 400), words, field)
  }
  await refused({ ...kafka, brokers: '' }, 'brokers', /at least one/)
  await refused({ ...kafka, brokers: 'kafka.example.com' }, 'brokers', /is no broker/)
  await refused({ ...kafka, topic: 'a b' }, 'topic', /letters, digits/)
  await refused({ ...kafka, password: '' }, 'password', /Type the password/)
  await refused({ ...kafka, username: '' }, 'username', /Type the user name/)
  await refused({ ...kafka, ca: 'nonsense' }, 'ca', /no certificate/)
  await refused({ ...kafka, certificate: 'nonsense' }, 'key', /Paste the private key/)
  await refused({ ...webhook, secret: 'short' }, 'secret', /16 to 200/)
  await refused({ ...webhook, secret: '' }, 'secret', /Type a secret/)
  await refused({ ...webhook, url: 'ftp://x' }, 'url', /not an address/)
  await refused({ ...webhook, url: 'https://a:b@hooks.example.com' }, 'url', /Leave name and password out/)
  await refused({ ...webhook, url: 'http://hooks.example.com' }, 'url', /must begin with https/)
  await refused({ ...webhook, url: 'https://169.254.169.254/latest' }, 'url', /private address/)
  await refused({ ...webhook, batch: '0' }, 'batch', /1 to 1,000/)
  await refused({ ...email, from: 'Shop\r\nBcc: x@example.com' }, 'from', /Write an address/)
  await refused({ ...email, from: '' }, 'from', /who sends/)
  await refused({ ...email, security: 'none' }, 'security', /not sent without encryption/)
  await refused({ ...email, host: 'smtp.example.com:25' }, 'host', /without a port/)
  await refused({ ...email, ownServer: '', password: '' }, 'ownServer', /no mail server/)
  await refused({ ...email, replyTo: 'a@example.com, b@example.com' }, 'replyTo', /one address/)
  await refused({ kind: 'data_bank', name: 'Bank', least: '10', most: '5', rowsPerFile: '1' }, 'most', /less than/)
  await add(world, webhook)
  await refused({ ...kafka, name: 'HOOK' }, 'name', /Another destination/)
  await refused({ ...kafka, name: '' }, 'name', /a name/)
})

t.test('who may use it: administrators, and who holds a role that was ticked', async (t) => {
  const world = await build(t)
  const [sender, other] = [await makeRole(world, { permissions: ['audiences.push'] }), await makeRole(world, { permissions: ['destinations'] })]
  await add(world, { ...webhook, role: String(sender) })
  const names = async (who: { administrator: boolean; roleIds: number[] }) => (await listUsable(world.db, who)).map(({ name }) => name)
  t.same(await names({ administrator: true, roleIds: [1] }), ['Hook'])
  t.same(await names({ administrator: false, roleIds: [sender] }), ['Hook'])
  t.same(await names({ administrator: false, roleIds: [other] }), [])
  const { as } = await signInWith(world, other)
  t.equal((await as({ url: '/settings/destinations' })).statusCode, 200, 'whoever sets them up need not be able to use them')
  await world.db.deleteFrom('roles').where('id', '=', sender).execute()
  t.same(await names({ administrator: false, roleIds: [sender] }), [], 'a role that went leaves nothing')
})

t.test('the connection is tried before anything is saved', async (t) => {
  const { url, taken } = await openReceiver(t, (response, turn) => { response.statusCode = turn > 2 ? 403 : 200; response.end() })
  const world = await build(t, { outside: { ...nothingOutside, privateRanges: ['127.0.0.0/8'] } })
  const form = { ...webhook, url }
  const beside = { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'div#test-result' }
  const tried = await world.as({ method: 'POST', url: '/settings/destinations/test', form, headers: beside })
  t.match(tried.body, /^<div id="test-result" role="status">[\s\S]*The receiver took a signed request without users \(200\)\./)
  t.equal(JSON.parse(taken[0]!.body).type, 'test')
  const plain = await world.as({ method: 'POST', url: '/settings/destinations/test', form })
  t.match(plain.body, /type it once more before you save/, 'without a script the secret is not shown again')
  t.match(plain.body, `value="${url}"`)
  t.equal((await world.db.selectFrom('destinations').select('id').execute()).length, 0)
  const id = await add(world, form)
  const { secret: _secret, ...kept } = form
  const seen = seenIn((await world.as({ url: `/settings/destinations/${id}` })).body)
  t.match((await world.as({ method: 'POST', url: `/settings/destinations/${id}/test`, form: { ...kept, seen }, headers: beside })).body, /refuses the request \(403\)/)
  t.match((await world.as({ url: '/settings/destinations' })).body, />failed<\/span>/, 'what a saved one says is remembered')
  t.match((await world.as({ method: 'POST', url: '/settings/destinations/test', form: { ...form, batch: 'x' }, headers: beside })).body, /Nothing was tried\. Write a number/)
})

t.test('a broker and a mail server are tried alike', async (t) => {
  const world = await build(t)
  const mail = await openMailServer(t)
  const form = { ...email, host: '127.0.0.1', port: String(mail.port), security: 'none', username: '', password: '' }
  t.match((await world.as({ method: 'POST', url: '/settings/destinations/test', form })).body, /The mail server answers\. No mail was sent\./)
  t.match((await world.as({ method: 'POST', url: '/settings/destinations/test', form: { ...form, port: '1' } })).body, /cannot be reached/)
  const { address } = hasKcat ? await startBroker(t) : { address: '127.0.0.1:1' }
  t.match((await world.as({ method: 'POST', url: '/settings/destinations/test', form: { ...kafka, brokers: address, sasl: 'none', tls: '', password: '' } })).body, hasKcat ? /1 broker answers; the topic users has 4 partitions/ : /cannot be reached/)
})

t.test('a test mail goes to who asks for it', async (t) => {
  const world = await build(t)
  const { port, mails } = await openMailServer(t)
  const id = await add(world, { ...email, host: '127.0.0.1', port: String(port), security: 'none', username: '', password: '' })
  const send = (subject: string, text: string) => world.as({ method: 'POST', url: `/settings/destinations/${id}/test-mail`, form: { subject, text } })
  t.equal((await send('For {{name|you}}', 'Hello {{name|you}}')).statusCode, 303)
  t.match(mails, [{ to: ['admin@example.com'], head: { subject: 'For Lin Yating' } }])
  const wrong = await send('', 'Hello {{city|x}}')
  t.equal(wrong.statusCode, 422)
  t.match(wrong.body, /There is no field \{\{city\}\}/)
  t.equal((await world.as({ method: 'POST', url: `/settings/destinations/${await add(world, webhook)}/test-mail`, form: {} })).statusCode, 404)
})
