import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import t from 'tap'
import { openMailer } from '../../src/mail/mailer.ts'
import { sendMails } from '../../src/mail/send-mails.ts'
import { build } from '../helper.ts'
import { linksIn, visitor } from './people.ts'

type Received = { to: string[]; text: string }

/** A real mail server; plain words of each mail, with soft line ends taken out. */
async function openServer(t: { teardown(fn: () => unknown): unknown }, options: SMTPServerOptions = {}): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'], authOptional: true, logger: false,
    onData(stream, session, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => { text += chunk.toString() })
      stream.on('end', () => {
        received.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: text.replaceAll('=\r\n', '').replaceAll('=3D', '=') })
        done()
      })
    },
    ...options
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => new Promise<void>((resolve) => { server.close(() => { resolve() }) }))
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, received }
}

const from = 'User 360 <console@example.com>'

t.test('one-time links are mailed', async (t) => {
  const { url, received } = await openServer(t)
  const world = await build(t, { mailer: openMailer({ url, from }), publicUrl: 'https://console.example.com' })
  const added = await world.as({ method: 'POST', url: '/settings/operators/new', headers: { host: 'evil.example' }, form: { name: '赵敏, "Z"', email: 'zhao@example.com', role: '2' } })
  t.match(added.body, /class="quiet">Mailed\./)
  t.equal(received.length, 1)
  t.match(received[0], { to: ['zhao@example.com'] })
  t.match(received[0]!.text, /^From: User 360 <console@example\.com>\r$/m)
  t.match(received[0]!.text, /^Subject: Your sign-in to User 360\r$/m)
  t.notMatch(received[0]!.text, 'evil.example', 'the address of the console is that of the configuration')
  const [link = ''] = linksIn(added.body)
  t.match(added.body, `https://console.example.com${link}`)
  const html = /Content-Transfer-Encoding: base64/.test(received[0]!.text) ? Buffer.from(received[0]!.text.split('\r\n\r\n')[1]!, 'base64').toString() : received[0]!.text
  t.match(html, `https://console.example.com${link}`)
  t.equal((await visitor(world.app).get(link)).statusCode, 200, 'the link of the mail works')

  const many = await world.as({ method: 'POST', url: '/settings/operators/new/many', form: { people: Array.from({ length: 9 }, (_, at) => `p${at}@example.com`), role: '2' } as never })
  t.equal(many.statusCode, 422, 'a repeated field is no list of people')
  await world.as({ method: 'POST', url: '/settings/operators/new/many', form: { people: Array.from({ length: 9 }, (_, at) => `p${at}@example.com`).join('\n'), role: '2' } })
  t.same(received.slice(1).flatMap(({ to }) => to).sort(), Array.from({ length: 9 }, (_, at) => `p${at}@example.com`), 'each has a mail of their own')
})

t.test('a mail that cannot be sent loses nothing', async (t) => {
  const { url } = await openServer(t, { onRcptTo: (address, _session, done) => { done(address.address.startsWith('bad') ? new Error('no such mailbox') : null) } })
  const world = await build(t, { mailer: openMailer({ url, from }), publicUrl: 'https://console.example.com' })
  const answer = await world.as({ method: 'POST', url: '/settings/operators/new/many', form: { people: 'bad@example.com\ngood@example.com', role: '2' } })
  t.equal(linksIn(answer.body).length, 2)
  t.match(answer.body, /bad@example\.com[\s\S]+Not mailed: the mail server does not take it\.[\s\S]+good@example\.com[\s\S]+Mailed\./)
  for (const link of linksIn(answer.body)) t.equal((await visitor(world.app).get(link)).statusCode, 200)
})

t.test('a mail server that is not there, or does not know the console', async (t) => {
  const world = await build(t, { mailer: openMailer({ url: 'smtp://127.0.0.1:1', from }), publicUrl: 'https://console.example.com' })
  const added = await world.as({ method: 'POST', url: '/settings/operators/new', form: { name: 'Zhao', email: 'zhao@example.com', role: '2' } })
  t.match(added.body, 'Not mailed: the mail server cannot be reached.')
  t.equal((await visitor(world.app).get(linksIn(added.body)[0]!)).statusCode, 200)

  const strict = await openServer(t, { authOptional: false, onAuth: (_auth, _session, done) => { done(new Error('wrong password')) } })
  const mail = (at: number) => ({ to: { name: '', address: `p${at}@example.com` }, subject: 'x', text: 'x' })
  const failures = await sendMails(openMailer({ url: strict.url.replace('smtp://', 'smtp://user:geheim@'), from }), Array.from({ length: 9 }, (_, at) => mail(at)))
  t.same(failures.map((failure) => failure?.code), Array.from({ length: 9 }, () => 'EAUTH'))
  t.notMatch(JSON.stringify(failures), 'geheim')

  const silent = await build(t, { mailer: openMailer({ url: strict.url, from }), publicUrl: null })
  const shown = await silent.as({ method: 'POST', url: '/settings/operators/new', form: { name: 'Zhao', email: 'zhao@example.com', role: '2' } })
  t.notMatch(shown.body, /Mailed|Not mailed/, 'without the address of the console nothing is mailed')
  t.equal(linksIn(shown.body).length, 1)
})
