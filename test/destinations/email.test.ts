import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { EmailSettings } from '../../src/destinations/destination.ts'
import { insertUnsubscribed } from '../../src/destinations/queries/addresses.ts'
import { destinationKeys } from '../../src/destinations/seal.ts'
import type { Outgoing } from '../../src/destinations/sender.ts'
import { openEmail } from '../../src/destinations/senders/email.ts'
import { nothingOutside, openTestDatabase } from '../helper.ts'
import { openMailServer, refusal } from './mail-server.ts'

const aesKey = '0123456789ABCDEF'
const never = new AbortController().signal
const message = { subject: 'For {{name|you}}', text: 'Dear {{name|friend}},\n\ngood news.' }
const own = (port: number, more: Partial<EmailSettings> = {}): EmailSettings => ({ ownServer: true, host: '127.0.0.1', port, security: 'none', username: '', from: 'Shop <news@shop.example>', replyTo: 'help@shop.example', unsubscribe: 'leave@shop.example', perMinute: 60_000, ...more })
const user = (userId: string, emails: string[], fields: object = {}): Outgoing => ({ userId, document: JSON.stringify({ userId, ids: emails.map((value) => ({ type: 'EMAIL', value, encryption: 'unencrypted' })), fields }) })

async function openWorld(t: { teardown(fn: () => unknown): unknown; name: string }) {
  const { db } = await openTestDatabase(t)
  const dataDir = await mkdtemp(join(tmpdir(), 'u360-test-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  const { id } = await db.insertInto('destinations').values({ name: 'Mail', kind: 'email', settings: '{}' }).returning('id').executeTakeFirstOrThrow()
  const tools = { db, keys: await destinationKeys(dataDir), outside: { ...nothingOutside, publicUrl: 'https://console.example.com' }, aesKey }
  const open = (settings: EmailSettings, more: { runId?: number; message?: typeof message; outside?: typeof tools.outside } = {}) => {
    const sender = openEmail({ id, settings }, {}, { pushId: 7, audienceId: 3, runId: more.runId ?? 1, message: more.message ?? message }, { ...tools, outside: more.outside ?? tools.outside })
    t.teardown(() => sender.close())
    return sender
  }
  return { ...tools, id, open }
}

t.test('each user gets one mail with their fields, and the ways to unsubscribe', async (t) => {
  const { open, keys } = await openWorld(t)
  const { port, mails } = await openMailServer(t)
  const outcomes = await open(own(port)).send([user('1', ['Ann@Example.com', 'second@example.com'], { name: '赵敏' }), user('2', ['bob@example.com'])], 'k', never)
  t.same(outcomes, [{ userId: '1', status: 'sent', reason: '' }, { userId: '2', status: 'sent', reason: '' }])
  t.match(mails, [{ to: ['ann@example.com'], from: 'news@shop.example' }, { to: ['bob@example.com'] }])
  const { head, text } = mails[0]!
  const token = keys.token('ann@example.com')
  t.match(head, { from: 'Shop <news@shop.example>', to: 'ann@example.com', subject: 'For 赵敏', 'reply-to': 'help@shop.example', 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' })
  t.equal(head['list-unsubscribe'], `<https://console.example.com/unsubscribe/${token}>, <mailto:leave@shop.example?subject=unsubscribe%20${token}>`)
  t.match(text, 'Dear 赵敏,\r\n\r\ngood news.')
  t.match(text, `To get no more of these mails: https://console.example.com/unsubscribe/${token}`)
  t.equal(keys.digestOf(token)?.toString('hex'), keys.digest('ann@example.com').toString('hex'))
  t.match(mails[1]!.head['subject'], 'For you')
})

t.test('without an address of the console there is the mailbox alone, where the text says it', async (t) => {
  const { open, keys } = await openWorld(t)
  const { url, mails } = await openMailServer(t)
  const sender = open(own(0, { ownServer: false, from: '', unsubscribe: '' }), { outside: { ...nothingOutside, smtpUrl: url, mailFrom: 'Console <console@example.com>' } as never, message: { subject: 'x', text: 'Leave: {{unsubscribe}}' } })
  await sender.send([user('1', ['ann@example.com'])], 'k', never)
  const way = `mailto:console@example.com?subject=unsubscribe%20${keys.token('ann@example.com')}`
  t.equal(mails[0]!.text.trim(), `Leave: ${way}`)
  t.equal(mails[0]!.head['list-unsubscribe'], `<${way}>`)
  t.notOk(mails[0]!.head['list-unsubscribe-post'])
  t.throws(() => open(own(0, { ownServer: false }), { outside: nothingOutside as never }), { message: /no mail server/ })
})

t.test('an address gets one mail of a run, also where the batch is repeated', async (t) => {
  const { open } = await openWorld(t)
  const { port, mails } = await openMailServer(t)
  const batch = [user('1', ['ann@example.com']), user('2', ['ANN@example.com']), user('3', [])]
  const expected = [{ userId: '1', status: 'sent' }, { userId: '2', status: 'refused', reason: 'Another user with this address was written to.' }, { userId: '3', status: 'refused', reason: 'There is no e-mail address that can be read.' }]
  t.match(await open(own(port)).send(batch, 'k', never), expected)
  t.match(await open(own(port)).send(batch, 'k', never), expected, 'by another sender, after a kill')
  t.equal(mails.length, 1)
  await open(own(port), { runId: 2 }).send(batch, 'k', never)
  t.equal(mails.length, 2, 'another run writes again')
  t.not(mails[0]!.head['message-id'], mails[1]!.head['message-id'])
})

t.test('who unsubscribed gets nothing, at no other address either', async (t) => {
  const { open, db, keys } = await openWorld(t)
  const { port, mails } = await openMailServer(t)
  t.equal(await insertUnsubscribed(db, [keys.digest('ann@example.com')]), 1)
  t.match(await open(own(port)).send([user('1', ['other@example.com', 'ann@example.com'])], 'k', never), [{ status: 'refused', reason: 'This person has unsubscribed.' }])
  t.equal(mails.length, 0)
})

t.test('what the server refuses for good is noted and respected; what it puts off is not', async (t) => {
  const { open, db } = await openWorld(t)
  let asked: string[] = []
  const { port, mails } = await openMailServer(t, {
    onRcptTo({ address }, _session, done) {
      asked.push(address)
      const answers: Record<string, Error> = { gone: refusal(550, '5.1.1 <gone@example.com>: user unknown'), full: refusal(552, '5.2.2 mailbox full'), policy: refusal(550, '5.7.1 relaying denied'), grey: refusal(450, '4.2.0 greylisted') }
      done(answers[address.split('@')[0]!] ?? null)
    }
  })
  const batch = ['gone', 'full', 'policy', 'grey', 'ann'].map((name, at) => user(String(at + 1), [`${name}@example.com`]))
  t.same(await open(own(port)).send(batch, 'k', never), [
    { userId: '1', status: 'refused', reason: 'The mail server refuses the address (550 5.1.1).' }, { userId: '2', status: 'refused', reason: 'The mail server refuses the address (552 5.2.2).' },
    { userId: '3', status: 'refused', reason: 'The mail server refuses the address (550 5.7.1).' }, { userId: '4', status: 'retry', reason: 'The mail server asks to try again later (450 4.2.0).' }, { userId: '5', status: 'sent', reason: '' }
  ])
  t.match(mails.map(({ to }) => to), [['ann@example.com']])
  asked = []
  await open(own(port), { runId: 2 }).send(batch, 'k', never)
  t.same(asked.map((address) => address.split('@')[0]), ['full', 'policy', 'grey', 'ann'], 'the address that does not exist is not tried again')
  const noted = await db.selectFrom('refused_addresses').select('reason').execute()
  t.same(noted, [{ reason: 'The mail server refuses the address (550 5.1.1).' }])
  const second = await open(own(port), { runId: 3 }).send([user('9', ['gone@example.com', 'bob@example.com'])], 'k', never)
  t.match(second, [{ status: 'sent' }], 'another address of the same person is')
})

t.test('a server that is gone, full, or refuses the sender stops the batch with words', async (t) => {
  const { open } = await openWorld(t)
  await t.rejects(open(own(1)).send([user('1', ['a@example.com'])], 'k', never), { message: 'The mail server cannot be reached.', lasting: false })
  const busy = await openMailServer(t, { onMailFrom(_address, _session, done) { done(refusal(421, '4.3.2 too many connections')) } })
  await t.rejects(open(own(busy.port)).send([user('1', ['a@example.com'])], 'k', never), { message: /takes no more mails for now/, lasting: false })
  const strict = await openMailServer(t, { onMailFrom(_address, _session, done) { done(refusal(553, '5.7.1 not yours')) } })
  await t.rejects(open(own(strict.port)).send([user('1', ['a@example.com'])], 'k', never), { message: 'The mail server refuses the sender (553 5.7.1).', lasting: true })
  const closed = await openMailServer(t, { authOptional: false, allowInsecureAuth: true, onAuth(_auth, _session, done) { done(refusal(535, 'no')) } })
  await t.rejects(open(own(closed.port, { username: 'shop' })).send([user('1', ['a@example.com'])], 'k', never), { message: 'The mail server refuses the user name or the password.', lasting: true })
  const spam = await openMailServer(t, { onData(stream, _session, done) { stream.resume().on('end', () => { done(refusal(554, '5.7.0 spam')) }) } })
  t.match(await open(own(spam.port)).send([user('1', ['a@example.com'])], 'k', never), [{ status: 'refused', reason: 'The mail server refuses the mail (554 5.7.0).' }])
})

t.test('no value makes another line of a header', async (t) => {
  const { open } = await openWorld(t)
  const { port, mails } = await openMailServer(t)
  await open(own(port)).send([user('1', ['ann@example.com'], { name: 'Ann\r\nBcc: eve@example.com\r\n\r\nhello' }), user('2', ['bob@example.com\r\nRCPT TO:<eve@example.com>', 'a@example.com, eve@example.com'])], 'k', never)
  t.equal(mails.length, 1)
  t.same(mails[0]!.to, ['ann@example.com'])
  t.notOk(mails[0]!.head['bcc'])
  t.equal(mails[0]!.head['subject'], 'For Ann Bcc: eve@example.com hello')
})

t.test('mails go at the pace of the destination, evenly', async (t) => {
  const { open } = await openWorld(t)
  const { port, mails } = await openMailServer(t)
  const begin = Date.now()
  await open(own(port, { perMinute: 600 })).send(Array.from({ length: 6 }, (_, at) => user(String(at + 1), [`p${at}@example.com`])), 'k', never)
  t.ok(Date.now() - begin >= 480, 'six at ten a second')
  t.equal(mails.length, 6)
  const slow = open(own(port, { perMinute: 1 }), { runId: 2 })
  await t.rejects(slow.send([user('1', ['x@example.com']), user('2', ['y@example.com'])], 'k', AbortSignal.timeout(300)), { name: 'AbortError' }, 'a cancelled push does not wait for its turn')
})
