import t from 'tap'
import { addOperator, resetPassword } from '../../src/operators/give-password.ts'
import { verifyPassword } from '../../src/operators/passwords.ts'
import { build, cookieOf, tokenOf } from '../helper.ts'

const current = 'correct horse battery'

t.test('changing one\'s own password', async (t) => {
  const { app, as, db } = await build(t)
  const change = (form: Record<string, string>) => as({ method: 'POST', url: '/password', form })

  const wrongs: [Record<string, string>, RegExp][] = [
    [{ current: 'wrong', next: 'a long new phrase', again: 'a long new phrase' }, /id="current-error">.+not your current password/],
    [{ current, next: 'short', again: 'short' }, /id="next-error">.+at least 10 characters/],
    [{ current, next: 'aaaaaaaaaaaaa', again: 'aaaaaaaaaaaaa' }, /id="next-error">.+too few characters/],
    [{ current, next: current, again: current }, /id="next-error">.+same as the current one/],
    [{ current, next: 'a long new phrase', again: 'a long new phrasE' }, /id="again-error">.+differ/],
    [{}, /id="current-error">.+Type your current password/]
  ]
  for (const [form, message] of wrongs) {
    const answer = await change(form)
    t.equal(answer.statusCode, 422)
    t.match(answer.body, message)
    t.notMatch(answer.body, /phrase/, 'no password comes back')
  }

  const elsewhere = await app.inject({ url: '/sign-in' })
  const second = await app.inject({
    method: 'POST', url: '/sign-in', headers: { cookie: cookieOf(elsewhere), 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ _csrf: tokenOf(elsewhere), email: 'admin@example.com', password: current }).toString()
  })
  const answer = await change({ current, next: 'a long new phrase', again: 'a long new phrase' })
  t.equal(answer.headers.location, '/')
  t.equal((await app.inject({ url: '/password', headers: { cookie: cookieOf(answer) } })).statusCode, 200, 'one stays signed in here')
  t.equal((await app.inject({ url: '/password', headers: { cookie: cookieOf(second) } })).statusCode, 303, 'and is signed out elsewhere')
  const operator = await db.selectFrom('operators').selectAll().executeTakeFirstOrThrow()
  t.ok(await verifyPassword('a long new phrase', operator.password_hash ?? undefined))
  t.match(operator.password_hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  t.match(await db.selectFrom('history_entries').select(['title', 'operator_name']).where('kind', '=', 'operator').execute(), [{ title: 'Lin Yating changed their own password', operator_name: 'Lin Yating' }])
})

t.test('a one-time password from the command line', async (t) => {
  const { app, as, db } = await build(t)
  const signIn = async (password: string) => {
    const page = await app.inject({ url: '/sign-in' })
    return app.inject({
      method: 'POST', url: '/sign-in', headers: { cookie: cookieOf(page), 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ _csrf: tokenOf(page), email: 'new@example.com', password }).toString()
    })
  }
  const first = await addOperator(db, { email: 'new@example.com', name: 'New' })
  t.match(first, /^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/)
  await t.rejects(addOperator(db, { email: 'NEW@example.com', name: 'New' }), { message: /already/ })
  await t.rejects(resetPassword(db, 'other@example.com'), { message: /no account/ })

  const inside = cookieOf(await signIn(first))
  const page = await app.inject({ url: '/password', headers: { cookie: inside } })
  t.match(page.body, 'Your password was given to you for one sign-in')
  const theme = await app.inject({ method: 'POST', url: '/theme', headers: { cookie: inside, 'x-csrf-token': tokenOf(page) } })
  t.equal(theme.headers.location, '/password', 'nothing else is open until it is changed')

  const second = await resetPassword(db, 'NEW@example.com')
  t.equal((await app.inject({ url: '/password', headers: { cookie: inside } })).statusCode, 303, 'a reset ends open sessions')
  t.equal((await signIn(first)).statusCode, 422)
  t.equal((await signIn(second)).statusCode, 303)
  t.equal((await as({ url: '/password' })).statusCode, 200, 'others are not touched')
})

t.test('light or dark is remembered in a cookie', async (t) => {
  const { as } = await build(t)
  const press = async (cookie: string, referer = 'http://localhost:3600/password?a=b') => as({ method: 'POST', url: '/theme', headers: { ...(cookie ? { cookie } : {}), referer, host: 'localhost:3600' } })
  const session = (await as({ url: '/password' })).raw.req.headers['cookie'] as string
  const dark = await press('')
  t.match(dark.cookies.find(({ name }) => name === 'theme'), { value: 'dark', httpOnly: true })
  t.equal(dark.headers.location, '/password?a=b', 'one stays on the page')
  t.match((await as({ url: '/password', headers: { cookie: `${session}; theme=dark` } })).body, '<html lang="en" data-theme="dark">')
  t.match((await press(`${session}; theme=dark`)).cookies.find(({ name }) => name === 'theme'), { value: 'light' })
  t.match((await press(`${session}; theme=light`)).cookies.find(({ name }) => name === 'theme'), { value: '', maxAge: 0 })
  t.match((await as({ url: '/password', headers: { cookie: `${session}; theme=%22onload%3D` } })).body, '<html lang="en">')
  t.equal((await press('', 'https://evil.example/x')).headers.location, '/')
})

t.test('an address that leads nowhere keeps who is signed in inside', async (t) => {
  const { app, as } = await build(t)
  const inside = await as({ url: '/nowhere' })
  t.equal(inside.statusCode, 404)
  t.match(inside.body, 'There is no page at this address')
  t.match(inside.body, '<a href="/settings">Settings</a>', 'the bar with the way on is there')
  const stranger = await app.inject({ url: '/nowhere' })
  t.equal(stranger.statusCode, 404)
  t.notMatch(stranger.body, 'Settings')
})
