import Fastify, { type InjectOptions } from 'fastify'
import t from 'tap'
import type { AppSettings } from '../../src/app.ts'
import { registerHeaders } from '../../src/http/headers.ts'
import { build, tokenOf, cookieOf } from '../helper.ts'

const overTls = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'console.example.com' }

async function ask(t: Parameters<typeof build>[0], settings: Partial<AppSettings>, options: InjectOptions = {}): Promise<{ hsts: string | undefined; cookie: string; address: string | undefined }> {
  const { app, db } = await build(t, { secureCookies: 'auto', ...settings })
  const page = await app.inject({ url: '/sign-in', ...options })
  await db.deleteFrom('sign_in_failures').execute()
  await app.inject({ method: 'POST', url: '/sign-in', ...options, headers: { ...options.headers, cookie: cookieOf(page), 'x-csrf-token': tokenOf(page), 'content-type': 'application/x-www-form-urlencoded' }, payload: 'email=a&password=b' })
  const attempt = await db.selectFrom('sign_in_failures').select('subject').where('kind', '=', 'address').executeTakeFirst()
  return { hsts: page.headers['strict-transport-security'] as string | undefined, cookie: String(page.headers['set-cookie']), address: attempt?.subject }
}

const isSecure = (cookie: string) => /; Secure/i.test(cookie)

t.test('a proxy on this machine is believed what it says of the request', async (t) => {
  const answer = await ask(t, {}, { headers: overTls })
  t.equal(answer.hsts, 'max-age=15552000')
  t.ok(isSecure(answer.cookie))
  t.match(answer.cookie, /HttpOnly; .*SameSite=Lax/)
  t.equal(answer.address, '203.0.113.9')
})

t.test('nobody else is, whatever they send', async (t) => {
  for (const remoteAddress of ['10.0.0.7', '192.168.1.1', '198.51.100.1']) {
    const answer = await ask(t, {}, { remoteAddress, headers: overTls })
    t.equal(answer.hsts, undefined, remoteAddress)
    t.notOk(isSecure(answer.cookie), remoteAddress)
    t.equal(answer.address, remoteAddress)
  }
})

t.test('over plain http nothing promises more', async (t) => {
  const answer = await ask(t, {})
  t.equal(answer.hsts, undefined)
  t.notOk(isSecure(answer.cookie))
  t.match(answer.cookie, /HttpOnly; .*SameSite=Lax/)
})

t.test('TRUST_PROXY names networks', async (t) => {
  const settings = { trustProxy: ['10.0.0.0/8'] }
  t.equal((await ask(t, settings, { remoteAddress: '10.1.2.3', headers: overTls })).address, '203.0.113.9')
  t.equal((await ask(t, settings, { remoteAddress: '127.0.0.1', headers: overTls })).address, '127.0.0.1', 'and this machine no more')
})

t.test('TRUST_PROXY counts proxies, from the nearest on', async (t) => {
  const headers = { ...overTls, 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.0.0.1' }
  t.equal((await ask(t, { trustProxy: 2 }, { remoteAddress: '10.0.0.2', headers })).address, '203.0.113.9', 'what was sent to the first proxy counts for nothing')
  t.ok(isSecure((await ask(t, { trustProxy: 1 }, { remoteAddress: '10.0.0.2', headers })).cookie))
  const none = await ask(t, { trustProxy: 0 }, { headers })
  t.equal(none.address, '127.0.0.1')
  t.equal(none.hsts, undefined)
})

t.test('SECURE_COOKIES decides where no header is to be believed', async (t) => {
  const always = Fastify()
  await registerHeaders(always, { https: true })
  t.equal((await always.inject('/')).headers['strict-transport-security'], 'max-age=15552000')
  const never = await ask(t, { secureCookies: false }, { headers: overTls })
  t.equal(never.hsts, undefined, 'a page that shall be reached without https is not closed to it for half a year')
  t.notOk(isSecure(never.cookie))
})

t.test('files are served with it too, and pages that are not there', async (t) => {
  const { app } = await build(t, { secureCookies: 'auto' })
  for (const url of ['/static/app.css', '/static/htmx/htmx.min.js', '/nothing', '/healthz']) t.equal((await app.inject({ url, headers: overTls })).headers['strict-transport-security'], 'max-age=15552000', url)
})
