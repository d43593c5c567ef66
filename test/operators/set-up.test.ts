import t from 'tap'
import { build, cookieOf, tokenOf } from '../helper.ts'

const values = { code: 'ABCD efgh-2345', installation: 'Tea & Co', name: 'Chen Wei', email: 'chen@example.com', password: 'six green cups of tea' }

t.test('the first run', async (t) => {
  const { app, db } = await build(t, { setUpCode: 'abcd-efgh-2345' })
  await db.deleteFrom('operators').execute()
  let page = await app.inject({ url: '/set-up' })
  const submit = async (form: Record<string, string>) => app.inject({
    method: 'POST', url: '/set-up', headers: { cookie: cookieOf(page), 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _csrf: tokenOf(page), ...form }).toString()
  })

  t.equal((await app.inject({ url: '/password' })).headers.location, '/set-up', 'every page leads there')
  t.equal((await app.inject({ url: '/sign-in' })).headers.location, '/set-up')
  t.equal(page.statusCode, 200)

  const stranger = await submit({ ...values, code: 'abcd-efgh-2346', email: 'not an address' })
  t.equal(stranger.statusCode, 422)
  t.match(stranger.body, /id="code-error">.+This is not the code/)
  t.notMatch(stranger.body, 'id="email-error"', 'without the code nothing else is said')
  t.match(stranger.body, 'value="Tea &amp; Co"')
  t.notMatch(stranger.body, 'six green')

  const wrong = await submit({ ...values, installation: ' ', email: 'chen', password: 'short' })
  t.equal(wrong.statusCode, 422)
  for (const field of ['installation', 'email', 'password']) t.match(wrong.body, `id="${field}-error"`)
  t.match(wrong.body, /id="installation"[^>]+autofocus/, 'the cursor stands in the first wrong field')

  const [done, again] = await Promise.all([submit(values), submit({ ...values, email: 'other@example.com' })])
  t.equal([done, again].filter((answer) => answer.statusCode === 303 && answer.headers.location === '/users').length, 1, 'one is let in')
  // The other is late by more or less: refused as a second set-up (409), led to the sign-in (303), or its session was renewed by the first (403).
  t.equal([done, again].filter((answer) => answer.statusCode === 409 || answer.statusCode === 403 || answer.headers.location === '/sign-in').length, 1, 'the other is not')
  t.equal((await db.selectFrom('operators').selectAll().execute()).length, 1, 'two at once make one administrator')
  const winner = done.headers.location === '/users' ? done : again
  t.match((await app.inject({ url: '/password', headers: { cookie: cookieOf(winner) } })).body, 'Tea &amp; Co', 'who did it is signed in')

  page = await app.inject({ url: '/sign-in' })
  t.equal((await app.inject({ url: '/set-up' })).headers.location, '/sign-in', 'it never opens again')
  t.equal((await submit(values)).headers.location, '/sign-in')
})

t.test('codes cannot be guessed without end', async (t) => {
  const { app, db } = await build(t, { setUpCode: 'abcd-efgh-2345' })
  await db.deleteFrom('operators').execute()
  const page = await app.inject({ url: '/set-up' })
  const guess = async (code: string) => (await app.inject({
    method: 'POST', url: '/set-up', headers: { cookie: cookieOf(page), 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _csrf: tokenOf(page), ...values, code }).toString()
  })).statusCode
  for (let count = 0; count < 20; count++) await guess(`guess-${count}`)
  t.equal(await guess(values.code), 429)
})

t.test('without a code nobody can set up', async (t) => {
  const { app, db } = await build(t, { setUpCode: null })
  await db.deleteFrom('operators').execute()
  const page = await app.inject({ url: '/set-up' })
  const answer = await app.inject({
    method: 'POST', url: '/set-up', headers: { cookie: cookieOf(page), 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _csrf: tokenOf(page), ...values, code: '' }).toString()
  })
  t.equal(answer.statusCode, 422)
})

t.test('health', async (t) => {
  const { app, pool } = await build(t)
  const well = await app.inject({ url: '/healthz' })
  t.equal(well.statusCode, 200)
  t.same(well.json(), { status: 'ok' })
  t.equal(well.cookies.length, 0)
  t.equal((await app.inject({ url: '/healthz', method: 'HEAD' })).statusCode, 200)
  pool.query = (() => Promise.reject(new Error('gone'))) as never
  pool.connect = (() => Promise.reject(new Error('gone'))) as never
  t.equal((await app.inject({ url: '/healthz' })).statusCode, 503)
})
