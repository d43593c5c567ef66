import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { hashPassword } from '../../src/operators/passwords.ts'
import { build, cookieOf, tokenOf } from '../helper.ts'

const password = 'four plain words here'

interface Visitor { cookie: string; token: string }

async function visit(app: FastifyInstance, url = '/sign-in', cookie = ''): Promise<Visitor & { page: LightMyRequestResponse }> {
  const page = await app.inject({ url, headers: cookie ? { cookie } : {} })
  return { cookie: cookieOf(page) || cookie, token: tokenOf(page), page }
}

function post(app: FastifyInstance, visitor: Visitor, url: string, form: Record<string, string>, address = '10.0.0.1', headers = {}) {
  return app.inject({
    method: 'POST', url, remoteAddress: address, headers: { cookie: visitor.cookie, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams({ _csrf: visitor.token, ...form }).toString()
  })
}

t.test('signing in and out', async (t) => {
  const { app, db } = await build(t)
  await db.insertInto('operators').values({ email: 'Wang@Example.com', name: 'Wang Fang', password_hash: await hashPassword(password) }).execute()
  await db.insertInto('operators').values({ email: 'gone@example.com', name: 'Gone', password_hash: await hashPassword(password), disabled_at: new Date() }).execute()

  t.test('a stranger is led to the sign-in page and back to where they wanted to go', async (t) => {
    const refused = await app.inject({ url: '/password?x=1' })
    t.equal(refused.statusCode, 303)
    t.equal(refused.headers.location, '/sign-in?to=%2Fpassword%3Fx%3D1')
    const visitor = await visit(app, '/sign-in?to=%2Fpassword%3Fx%3D1')
    t.match(visitor.page.body, 'name="to" value="/password?x=1"')
    const answer = await post(app, visitor, '/sign-in', { email: 'wang@example.com ', password, to: '/password?x=1' })
    t.equal(answer.statusCode, 303)
    t.equal(answer.headers.location, '/password?x=1')
    t.not(cookieOf(answer), visitor.cookie, 'with a new session number')
    t.match((await app.inject({ url: '/password', headers: { cookie: cookieOf(answer) } })).body, 'Wang Fang')
    const old = await app.inject({ url: '/password', headers: { cookie: visitor.cookie } })
    t.equal(old.statusCode, 303, 'the number from before is worth nothing')
  })

  t.test('an address outside the console is never followed', async (t) => {
    for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/\t/evil.example']) {
      const answer = await post(app, await visit(app), '/sign-in', { email: 'wang@example.com', password, to })
      t.equal(answer.headers.location, '/', to)
    }
  })

  t.test('an unknown account, a wrong password and a switched off account are answered alike', async (t) => {
    const bodies = []
    for (const email of ['wang@example.com', 'nobody@example.com', 'gone@example.com']) {
      const visitor = await visit(app)
      const answer = await post(app, visitor, '/sign-in', { email, password: email.startsWith('gone') ? password : 'wrong', to: '' })
      t.equal(answer.statusCode, 422)
      t.match(answer.body, /role="alert".+The e-mail or the password is not right\./)
      t.match(answer.body, `value="${email}"`, 'what was typed as e-mail stays')
      bodies.push(answer.body.replaceAll(email, '').replace(/value="[^"]{20,}"|x-csrf-token":"[^"]+"/g, ''))
    }
    t.equal(bodies[0], bodies[1])
    t.equal(bodies[0], bodies[2])
  })

  t.test('signing out ends the session for good', async (t) => {
    const answer = await post(app, await visit(app), '/sign-in', { email: 'wang@example.com', password, to: '' })
    const inside = await visit(app, '/password', cookieOf(answer))
    t.equal((await app.inject({ url: '/sign-in', headers: { cookie: inside.cookie } })).headers.location, '/', 'who is signed in needs no sign-in page')
    t.equal((await post(app, inside, '/sign-out', {})).headers.location, '/sign-in')
    t.equal((await app.inject({ url: '/password', headers: { cookie: inside.cookie } })).statusCode, 303)
  })

  t.test('a post without the token is refused', async (t) => {
    const visitor = await visit(app)
    for (const url of ['/sign-in', '/sign-out', '/password', '/theme', '/set-up']) {
      const answer = await post(app, { ...visitor, token: '' }, url, { email: 'wang@example.com', password })
      t.ok([403, 303].includes(answer.statusCode), url)
      t.notMatch(answer.headers.location, '/users')
    }
  })
})

t.test('attempts are limited', async (t) => {
  const { app, db } = await build(t)
  await db.insertInto('operators').values({ email: 'wang@example.com', name: 'Wang Fang', password_hash: await hashPassword(password) }).execute()
  const attempt = async (email: string, word: string, address: string, headers = {}) => post(app, await visit(app), '/sign-in', { email, password: word, to: '' }, address, headers)

  t.test('per account, whatever the address, known or not', async (t) => {
    for (const email of ['wang@example.com', 'unknown@example.com']) {
      const statuses = await Promise.all(Array.from({ length: 14 }, async (_, index) => (await attempt(email, 'wrong', `10.1.0.${index}`)).statusCode))
      t.ok(statuses.filter((status) => status === 422).length >= 10)
      const answer = await attempt(email.toUpperCase(), password, '10.1.1.1')
      t.equal(answer.statusCode, 429)
      t.match(answer.body, 'There were too many attempts. Wait 15 minutes')
    }
    await db.updateTable('sign_in_failures').set({ at: new Date(Date.now() - 16 * 60_000) }).execute()
    t.equal((await attempt('wang@example.com', password, '10.1.1.1')).statusCode, 303, 'and free again later')
    t.same(await db.selectFrom('sign_in_failures').select('subject').where('subject', '=', 'wang@example.com').execute(), [], 'a success clears the account')
  })

  t.test('per address, whatever the account', async (t) => {
    await db.deleteFrom('sign_in_failures').execute()
    await db.insertInto('sign_in_failures').values(Array.from({ length: 59 }, () => ({ kind: 'address' as const, subject: '203.0.113.9' }))).execute()
    t.equal((await attempt('a@example.com', 'wrong', '203.0.113.9')).statusCode, 422)
    t.equal((await attempt('wang@example.com', password, '203.0.113.9')).statusCode, 429)
    t.equal((await attempt('wang@example.com', password, '203.0.113.9', { 'x-forwarded-for': '1.2.3.4' })).statusCode, 429, 'a made-up address does not help')
    t.equal((await attempt('wang@example.com', password, '203.0.113.10')).statusCode, 303)
  })
})

t.test('a session ends after 12 hours without a request', async (t) => {
  const { as, db } = await build(t)
  t.equal((await as({ url: '/password' })).statusCode, 200)
  const [session] = await db.selectFrom('sessions').selectAll().where('sess', 'is not', null).orderBy('expire', 'desc').execute()
  const hours = ((session?.expire.getTime() ?? 0) - Date.now()) / 3_600_000
  t.ok(hours > 11.5 && hours <= 12.1)
  await db.updateTable('sessions').set({ expire: new Date(Date.now() - 1000) }).execute()
  t.equal((await as({ url: '/password' })).statusCode, 303)
})
