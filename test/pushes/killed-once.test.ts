import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { openMailServer, refusal } from '../destinations/mail-server.ts'
import { waitFor } from '../destinations/mock-kafka.ts'
import { begin } from './killed-world.ts'
import { makeDestination, push, runsOf } from './world.ts'

t.test('e-mail: a killed run writes to nobody twice but who was just written to, and goes on where some are refused', { timeout: 300_000 }, async (t) => {
  const world = await begin(t, 60)
  const server = await openMailServer(t, { onRcptTo({ address }, _session, done) { setTimeout(() => { done(/^p1[0-4]@/.test(address) ? refusal(550, 'no such mailbox') : null) }, 30) } })
  const destination = await makeDestination(world, 'email', { ownServer: true, host: '127.0.0.1', port: server.port, security: 'none', username: '', from: 'Shop <shop@example.com>', replyTo: '', unsubscribe: '', perMinute: 6000 })
  const pushId = await push(world, world.audience, destination, world.operator, { idTypes: ['EMAIL'], fields: [{ ref: 'attribute:name', name: 'Name' }], message: { subject: 'Hello {{Name|you}}', text: 'Spring is here, {{Name|you}}.' } })
  for (const seen of [12]) await world.work(() => waitFor(() => server.mails.length >= seen, 60_000))
  await world.work(world.ended(pushId))
  t.match((await runsOf(world, pushId))[0], { state: 'done', total: '60', sent: '55', refused: '5' })
  const times = Map.groupBy(server.mails, ({ to }) => to[0])
  t.equal(times.size, 55)
  t.ok([...times.values()].filter((all) => all.length > 1).length <= 1, 'the one who was just written to may have got it twice')
  t.ok([...times.values()].every((all) => new Set(all.map(({ head }) => head['message-id'])).size === 1), 'and is known by its Message-ID')
  t.match(server.mails.find(({ to }) => to[0] === 'p7@example.com'), { head: { subject: 'Hello Person 7' }, text: /Spring is here, Person 7\./ })
  t.equal((await world.db.selectFrom('push_failures').select('reason').execute()).length, 5)
  t.same(await world.db.selectFrom('mailed_addresses').select('run_id').execute(), [], 'to whom it wrote is forgotten when it is done')
})

t.test('matching file: a killed run leaves no half file, and the next start makes it whole', { timeout: 300_000 }, async (t) => {
  const world = await begin(t, 40_000)
  const pushId = await push(world, world.audience, await makeDestination(world, 'data_bank', { least: 10, most: 200_000_000, rowsPerFile: 15_000 }), world.operator, { idTypes: ['MOBILE', 'EMAIL'], hash: 'sha256' })
  const files = () => readdir(join(world.dataDir, 'pushes')).catch(() => [])
  await world.work(async () => { while ((await files()).length === 0) await delay(5) })
  t.match((await runsOf(world, pushId))[0], { state: 'running', file: null }, 'it was met while it wrote')
  await world.work(world.ended(pushId))
  const [run] = await runsOf(world, pushId)
  t.match(run, { state: 'done', sent: '40000', counts: { MOBILE: 40_000, EMAIL: 40_000 } })
  t.same(await files(), [run!.file])
})
