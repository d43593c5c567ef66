import t from 'tap'
import { resetPassword } from '../../src/operators/give-password.ts'
import { secretSeal } from '../../src/operators/secret-seal.ts'
import { newSecret, stepOfCode } from '../../src/operators/totp.ts'
import { build, type TestApp } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { codeOf, keyIn, linksIn, recoveryCodesIn, signInBy, visitor, type Visitor } from './people.ts'

const [email, password] = ['admin@example.com', 'correct horse battery']

/** Forgets which codes were used: as if half a minute had passed. */
const later = ({ db }: TestApp) => db.updateTable('operators').set({ two_step_last: '0' }).execute()

async function turnOn(who: Visitor): Promise<{ key: string; used: string; codes: string[] }> {
  const key = keyIn((await who.get('/two-step')).body)
  const used = codeOf(key)
  const answer = await who.post('/two-step', { code: used })
  return { key, used, codes: recoveryCodesIn(answer.body) }
}

async function begin(t: Parameters<typeof build>[0]): Promise<{ world: TestApp; lin: Visitor; key: string; used: string; codes: string[] }> {
  const world = await build(t)
  const lin = visitor(world.app)
  await signInBy(lin, email, password)
  return { world, lin, ...await turnOn(lin) }
}

t.test('turning it on', async (t) => {
  const world = await build(t)
  const [lin, elsewhere] = [visitor(world.app), visitor(world.app)]
  await signInBy(lin, email, password)
  await signInBy(elsewhere, email, password)
  const page = (await lin.get('/two-step')).body
  const key = keyIn(page)
  t.match(page, /<img class="code-picture" src="data:image\/svg\+xml;base64,[\w+/=]+" alt="QR code/)
  t.equal(keyIn((await lin.get('/two-step')).body), key, 'the key stays while it is being set up')
  const wrong = await lin.post('/two-step', { code: codeOf(key, 5) })
  t.equal(wrong.statusCode, 422)
  t.match(wrong.body, /id="code-error">.+not the code/)
  t.equal(keyIn(wrong.body), key)
  const before = lin.cookie()
  const on = await lin.post('/two-step', { code: codeOf(key).replace(/^.../, '$& ') })
  t.equal(on.statusCode, 200)
  t.equal(new Set(recoveryCodesIn(on.body)).size, 10, 'ten recovery codes are shown')
  t.not(lin.cookie(), before, 'with a new session')
  t.equal((await elsewhere.get('/users')).statusCode, 303, 'other sessions are over')
  t.notMatch((await lin.get('/two-step')).body, key)
  t.equal((await lin.post('/two-step', { code: codeOf(key) })).statusCode, 422, 'no other key takes its place')
  const kept = JSON.stringify(await Promise.all((['operators', 'recovery_codes', 'sessions', 'history_entries', 'history_items'] as const).map((table) => world.db.selectFrom(table).selectAll().execute())))
  for (const secret of [key, ...recoveryCodesIn(on.body)]) t.notMatch(kept, secret, 'secrets stand nowhere in plain words')
  t.match(await world.db.selectFrom('history_entries').select(['kind', 'title']).where('kind', '=', 'operator').execute(), [{ kind: 'operator', title: 'Lin Yating turned on two-step sign-in' }])
})

t.test('signing in asks for the code', async (t) => {
  const { world, key, used, codes } = await begin(t)
  const lin = visitor(world.app)
  t.equal((await lin.get('/sign-in/code')).headers.location, '/sign-in', 'not before the password')
  await lin.get('/sign-in')
  t.equal((await lin.post('/sign-in/code', { code: codeOf(key, 1) })).headers.location, '/sign-in')
  t.equal((await signInBy(lin, email, 'wrong')).statusCode, 422)
  t.equal((await signInBy(lin, email, password, '/users?size=20')).headers.location, '/sign-in/code')
  const half = lin.cookie()
  t.match((await lin.get('/users')).headers.location, '/sign-in', 'nobody is signed in before it')
  await lin.get('/sign-in/code')
  t.equal((await lin.post('/sign-in/code', { code: used })).statusCode, 422, 'the code of the set-up is used up')
  t.equal((await lin.post('/sign-in/code', { code: codeOf(key, 3) })).statusCode, 422, 'nor is one of another time taken')
  t.equal((await lin.post('/sign-in/code', { code: '' })).statusCode, 422)
  const next = codeOf(key, 1)
  t.equal((await lin.post('/sign-in/code', { code: next })).headers.location, '/users?size=20', 'a clock may be half a minute off')
  t.not(lin.cookie(), half, 'with a new session')
  t.equal((await lin.get('/users')).statusCode, 200)

  const again = visitor(world.app)
  await signInBy(again, email, password)
  await again.get('/sign-in/code')
  t.equal((await again.post('/sign-in/code', { code: next })).statusCode, 422, 'a code is not taken twice')
  t.equal((await again.post('/sign-in/code', { code: codes[0]!.toUpperCase().replaceAll('-', ' ') })).statusCode, 303, 'a recovery code is, however it is typed')
  t.match((await again.get('/two-step')).body, '9 recovery codes left')
  const third = visitor(world.app)
  await signInBy(third, email, password)
  await third.get('/sign-in/code')
  t.equal((await third.post('/sign-in/code', { code: codes[0]! })).statusCode, 422, 'but once')
  t.match(await world.db.selectFrom('history_entries').select('title').where('kind', '=', 'sign_in').orderBy('id', 'desc').limit(2).execute(), [{ title: 'Signed in with a recovery code' }, { title: 'Signed in' }])
})

t.test('codes cannot be tried without end, and not for long', async (t) => {
  const { world, key } = await begin(t)
  const lin = visitor(world.app)
  await signInBy(lin, email, password)
  await lin.get('/sign-in/code')
  await later(world)
  for (let count = 0; count < 10; count++) t.equal((await lin.post('/sign-in/code', { code: '000000' })).statusCode, 422)
  const late = await lin.post('/sign-in/code', { code: codeOf(key) })
  t.equal(late.statusCode, 429)
  t.match(late.body, 'There were too many attempts. Wait 15 minutes')
  t.equal((await signInBy(lin, email, password)).statusCode, 303, 'the password alone clears nothing')
  await lin.get('/sign-in/code')
  t.equal((await lin.post('/sign-in/code', { code: codeOf(key) })).statusCode, 429)
  await world.db.deleteFrom('sign_in_failures').execute()
  await world.pool.query(`update sessions set sess = jsonb_set(sess::jsonb, '{awaitsCode,since}', '0')::json where sess -> 'awaitsCode' is not null`)
  t.equal((await lin.post('/sign-in/code', { code: codeOf(key) })).headers.location, '/sign-in', 'after ten minutes the password is asked again')

  await signInBy(lin, email, password)
  await lin.get('/sign-in/code')
  await world.db.updateTable('operators').set({ disabled_at: new Date() }).execute()
  t.equal((await lin.post('/sign-in/code', { code: codeOf(key) })).statusCode, 422, 'who was switched off meanwhile is not signed in')
})

t.test('new recovery codes, and turning it off, need password and code', async (t) => {
  const { world, lin, key, codes } = await begin(t)
  await lin.get('/two-step')
  await later(world)
  for (const url of ['/two-step/recovery-codes', '/two-step/end']) {
    t.match((await lin.post(url, { password: 'wrong', code: codeOf(key) })).body, /id="password-error">.+not your password/)
    t.match((await lin.post(url, { password, code: '000000' })).body, /id="code-error">.+not right/)
  }
  const fresh = await lin.post('/two-step/recovery-codes', { password, code: codeOf(key) })
  t.equal(recoveryCodesIn(fresh.body).length, 10)
  t.match((await lin.post('/two-step/end', { password, code: codes[0]! })).body, /id="code-error"/, 'those from before are worth nothing')
  t.equal((await lin.post('/two-step/end', { password, code: recoveryCodesIn(fresh.body)[0]! })).headers.location, '/two-step')
  t.ok(keyIn((await lin.get('/two-step')).body), 'it can be set up anew')
  t.same(await world.db.selectFrom('recovery_codes').selectAll().execute(), [])
  t.equal((await signInBy(visitor(world.app), email, password)).headers.location, '/')
  t.match((await world.db.selectFrom('history_entries').select('title').where('kind', '=', 'operator').orderBy('id').execute()).slice(1), [{ title: 'Lin Yating made new recovery codes' }, { title: 'Lin Yating turned off two-step sign-in' }])
})

t.test('a role that needs it leads to the set-up before anything else', async (t) => {
  const world = await build(t)
  const role = await makeRole(world, { permissions: ['user_360.view'] })
  const zhao = await signInWith(world, role)
  t.equal((await zhao.as({ url: '/users' })).statusCode, 200)
  await world.pool.query('update roles set needs_two_step = true where id = $1', [role])
  await world.pool.query('update catalog_state set version = version + 1')
  for (const url of ['/users', '/password', '/settings', '/two-stepping']) t.equal((await zhao.as({ url })).headers.location, url === '/two-stepping' ? undefined : '/two-step', `${url} waits`)
  t.equal((await zhao.as({ method: 'POST', url: '/theme' })).headers.location, '/two-step')
  t.match((await zhao.as({ url: '/two-step' })).body, 'One of your roles asks for it')
  const someone = visitor(world.app)
  await signInBy(someone, zhao.email, 'six green cups of tea')
  t.equal((await someone.get('/users')).headers.location, '/two-step')
  await turnOn(someone)
  t.equal((await someone.get('/users')).statusCode, 200, 'and opens then')
  t.match((await world.as({ url: '/settings/operators/new' })).body, 'Needs two-step sign-in.')
})

t.test('a reset by an administrator, a link and the command line', async (t) => {
  const world = await build(t)
  const zhao = await signInWith(world, 2)
  const someone = visitor(world.app)
  await signInBy(someone, zhao.email, 'six green cups of tea')
  const { key } = await turnOn(someone)
  await later(world)
  const path = `/settings/operators/${zhao.id}`

  const link = linksIn((await world.as({ method: 'POST', url: `${path}/invitations` })).body)[0]!
  const linked = visitor(world.app)
  await linked.get(link)
  t.equal((await linked.post(link, { next: 'a long new phrase', again: 'a long new phrase' })).headers.location, '/sign-in/code', 'a link stands for the password alone')
  t.equal((await linked.get('/users')).statusCode, 303)
  await linked.get('/sign-in/code')
  t.equal((await linked.post('/sign-in/code', { code: codeOf(key) })).statusCode, 303)
  t.equal((await linked.get('/users')).statusCode, 200)

  t.equal((await world.as({ method: 'POST', url: '/settings/operators/1/two-step-reset' })).statusCode, 403, 'one\'s own is turned off with password and code')
  t.equal((await world.as({ method: 'POST', url: `${path}/two-step-reset` })).headers.location, path)
  t.equal((await linked.get('/users')).statusCode, 303, 'and signs out everywhere')
  t.equal((await signInBy(linked, zhao.email, 'a long new phrase')).headers.location, '/')
  t.match(await world.db.selectFrom('history_entries').select(['title', 'operator_id']).where('kind', '=', 'operator').orderBy('id', 'desc').limit(1).execute(), [{ title: 'Two-step sign-in of Zhao Min reset', operator_id: 1 }])

  await turnOn(linked)
  await resetPassword(world.db, zhao.email)
  t.equal((await world.as({ url: path })).body.includes('two-step-reset'), true, 'a new password leaves it on')
  await resetPassword(world.db, zhao.email, { twoStep: true })
  t.equal((await world.as({ url: path })).body.includes('two-step-reset'), false)
})

t.test('secrets are sealed for their owner and this installation', async (t) => {
  const [one, other] = [secretSeal('a'.repeat(32)), secretSeal('b'.repeat(32))]
  const secret = newSecret()
  const sealed = one.seal(secret, 7)
  t.equal(one.open(sealed, 7), secret)
  t.not(one.seal(secret, 7), sealed, 'never the same twice')
  t.notMatch(sealed, secret)
  for (const opened of [one.open(sealed, 8), other.open(sealed, 7), one.open(`${sealed.slice(0, -2)}AA`, 7), one.open('', 7), one.open('a.b.c', 7)]) t.equal(opened, undefined)
  const now = Date.now()
  t.equal(stepOfCode(secret, codeOf(secret, 0, now), now + 30_000), Math.floor(now / 30_000), 'a step has the number of its code, not of now')

  const { world, codes } = await begin(t)
  await world.db.updateTable('operators').set({ two_step_secret: other.seal(secret, 1) }).execute()
  const lin = visitor(world.app)
  await signInBy(lin, email, password)
  await lin.get('/sign-in/code')
  t.match((await lin.post('/sign-in/code', { code: codeOf(secret) })).body, 'Codes of your app cannot be checked any more')
  t.equal((await lin.post('/sign-in/code', { code: codes[3]! })).statusCode, 303, 'recovery codes still work')
})
