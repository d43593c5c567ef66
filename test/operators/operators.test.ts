import t from 'tap'
import { insertOperator } from '../../src/operators/queries.ts'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { linksIn, signInBy, visitor } from './people.ts'

const latest = ({ db }: Pick<Awaited<ReturnType<typeof build>>, 'db'>) => db.selectFrom('history_entries').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()

t.test('the list of operators', async (t) => {
  const world = await build(t)
  const alone = await world.as({ url: '/settings/operators' })
  t.match(alone.body, 'You are the only one so far')
  t.match(alone.body, /1 operator<\/p>/)
  await insertOperator(world.db, { email: 'off@example.com', name: 'Off', passwordHash: '-', mustChangePassword: false, roleIds: [] })
  await world.db.updateTable('operators').set({ disabled_at: new Date() }).where('email', '=', 'off@example.com').execute()
  for (let count = 0; count < 103; count++) await insertOperator(world.db, { email: `p${count}@example.com`, name: `Person ${String(count).padStart(3, '0')}`, passwordHash: null, mustChangePassword: false, roleIds: [2] })
  const first = (await world.as({ url: '/settings/operators' })).body
  t.match(first, '105 operators, 1 switched off')
  t.equal(first.match(/<th scope="row"/g)?.length, 100)
  t.match(first, /Lin Yating[\s\S]+pill-good">active[\s\S]+Off[\s\S]+>switched off<[\s\S]+Person 000[\s\S]+Analyst[\s\S]+link too old/)
  const next = /rel="next" href="([^"]+)"/.exec(first)?.[1] ?? ''
  const second = (await world.as({ url: next.replaceAll('&amp;', '&') })).body
  t.equal(second.match(/<th scope="row"/g)?.length, 5)
  t.match(second, 'Person 102')
  t.notMatch(second, 'Person 097')
  const found = (await world.as({ url: '/settings/operators?q=P7%40example' })).body
  t.equal(found.match(/<th scope="row"/g)?.length, 1, 'names and e-mails are searched')
  t.match((await world.as({ url: '/settings/operators?q=%25' })).body, 'Nobody has “%”')
  t.equal((await world.as({ url: '/settings/operators?after=nonsense' })).statusCode, 422)
  t.match((await world.as({ url: '/settings' })).body, 'href="/settings/operators"')
})

t.test('adding one operator', async (t) => {
  const world = await build(t)
  const page = await world.as({ url: '/settings/operators/new' })
  t.match(page.body, /value="2" checked> <span>Analyst/, 'the default role is ticked')
  const add = (form: Record<string, string | string[]>) => world.as({ method: 'POST', url: '/settings/operators/new', form })
  const wrong = await add({ name: '', email: 'zhao', role: [] })
  t.equal(wrong.statusCode, 422)
  for (const id of ['name', 'email', 'role']) t.match(wrong.body, `id="${id}-error"`)
  t.match(wrong.body, 'value="zhao"', 'what was typed is kept')
  t.match((await add({ name: 'Zhao', email: 'Admin@Example.com', role: '2' })).body, /id="email-error">.+There is an account with this e-mail already/)
  t.equal((await add({ name: 'Zhao', email: 'zhao@example.com', role: '99' })).statusCode, 422, 'a role that is gone')

  const added = await add({ name: 'Zhao  Min', email: 'zhao@example.com', role: ['2', '3'] })
  t.equal(added.statusCode, 200)
  const [link = ''] = linksIn(added.body)
  t.ok(link, 'the link is shown')
  t.match(added.body, '<code>http://localhost:80/invitations/', 'with the address that was asked')
  const account = await world.db.selectFrom('operators').selectAll().where('email', '=', 'zhao@example.com').executeTakeFirstOrThrow()
  t.match(account, { name: 'Zhao Min', password_hash: null })
  t.match(await latest(world), { kind: 'operator', title: 'Operator zhao@example.com added, with a one-time link', operator_name: 'Lin Yating' })
  t.match(await world.db.selectFrom('history_items').selectAll().executeTakeFirst(), { new_value: ['Analyst', 'Developer'] })
  const kept = JSON.stringify(await Promise.all([world.db.selectFrom('invitations').selectAll().execute(), world.db.selectFrom('history_entries').selectAll().execute(), world.db.selectFrom('history_items').selectAll().execute(), world.db.selectFrom('sessions').selectAll().execute()]))
  t.notMatch(kept, link.split('/')[2]!, 'the token is kept nowhere')
  t.notMatch((await world.as({ url: `/settings/operators/${account.id}` })).body, link, 'nor shown again')
})

t.test('adding many operators', async (t) => {
  const world = await build(t)
  const add = (people: string, role: string[] = ['2']) => world.as({ method: 'POST', url: '/settings/operators/new/many', form: { people, role } })
  t.match((await add('')).body, /id="people-error">.+Paste one/)
  const none = await add('nobody, here')
  t.equal(none.statusCode, 422)
  t.match(none.body, 'nobody, here', 'what was typed is kept')
  t.match((await add('a@example.com', [])).body, /id="role-error"/)
  t.match((await add(Array.from({ length: 201 }, (_, at) => `a${at}@example.com`).join('\n'))).body, /These are 201 addresses/)
  t.equal((await world.db.selectFrom('operators').select('id').execute()).length, 1, 'nobody was added by mistakes')

  const answer = await add('Zhao Min <zhao@example.com>\nADMIN@example.com, wang@example.com\nLi Lei li@\n')
  t.match(answer.body, '2 operators added')
  t.equal(linksIn(answer.body).length, 2)
  t.match(answer.body, /Have an account already[\s\S]+<li>ADMIN@example.com/)
  t.match(answer.body, /Could not be read[\s\S]+<textarea[^>]+>\nLi Lei li@<\/textarea>/, 'what could not be read can be corrected')
  t.match(answer.body, /value="2" checked/, 'with the same roles')
  t.same((await world.db.selectFrom('operators').select(['name', 'email']).orderBy('id').execute()).slice(1), [{ name: 'Zhao Min', email: 'zhao@example.com' }, { name: 'wang', email: 'wang@example.com' }])
  t.equal((await world.db.selectFrom('history_entries').select('id').where('kind', '=', 'operator').execute()).length, 2)
  const again = await add('zhao@example.com')
  t.match(again.body, 'Nobody was added')
  t.same(linksIn(again.body), [])
})

t.test('changing, signing out, switching off and on', async (t) => {
  const world = await build(t)
  const analyst = await signInWith(world, 2)
  const path = `/settings/operators/${analyst.id}`
  const act = (to: string, form = {}) => world.as({ method: 'POST', url: `${path}${to}`, form })

  t.equal((await analyst.as({ url: '/settings/operators' })).statusCode, 403, 'an analyst has no business here')
  const wide = await makeRole(world, { permissions: ['operators'] })
  t.equal((await act('', { name: 'Zhao Minmin', email: analyst.email, role: ['2', String(wide)] })).headers.location, '/settings/operators')
  t.equal((await analyst.as({ url: '/settings/operators' })).statusCode, 200, 'roles hold at once')
  t.match(await latest(world), { kind: 'operator', title: 'Name and roles of Zhao Min changed' })
  const entries = (await world.db.selectFrom('history_entries').select('id').execute()).length
  await act('', { name: 'Zhao Minmin', email: analyst.email, role: ['2', String(wide)] })
  t.equal((await world.db.selectFrom('history_entries').select('id').execute()).length, entries, 'an equal save is no act')
  t.match((await act('', { name: '', email: 'zhao', role: [] })).body, /id="name-error"[\s\S]+id="email-error"[\s\S]+id="role-error"/)

  await act('/sign-out')
  t.equal((await analyst.as({ url: '/users' })).statusCode, 303, 'signed out everywhere')
  t.match(await latest(world), { title: 'Zhao Minmin signed out everywhere' })
  const link = linksIn((await act('/invitations')).body)[0]!
  t.equal((await world.app.inject({ url: link })).statusCode, 200)
  await act('/switch')
  t.match(await latest(world), { title: 'Zhao Minmin switched off' })
  t.equal((await world.app.inject({ url: link })).statusCode, 404, 'a link of an account that is switched off does not work')
  t.equal((await act('/invitations')).statusCode, 422, 'and none is made')
  const off = (await world.as({ url: path })).body
  t.match(off, 'switched off')
  t.notMatch(off, `${path}/invitations`, 'what cannot be done is not offered')
  const before = await latest(world)
  await act('/switch')
  t.same(await latest(world), before, 'switched off twice is one act')
  await act('/switch', { on: 'on' })
  t.match(await latest(world), { title: 'Zhao Minmin switched on again' })
  t.equal((await world.app.inject({ url: link })).statusCode, 404, 'the link does not come back')
  for (const url of ['/settings/operators/999', '/settings/operators/999/switch']) t.equal((await world.as({ method: url.endsWith('9') ? 'GET' : 'POST', url })).statusCode, 404)

  const own = await world.as({ url: '/settings/operators/1' })
  t.notMatch(own.body, '/settings/operators/1/switch', 'nobody switches off himself')
  t.equal((await world.as({ method: 'POST', url: '/settings/operators/1/switch' })).statusCode, 422)
  t.equal((await world.as({ method: 'POST', url: '/settings/operators/1/sign-out' })).headers.location, '/sign-in')
  t.equal((await world.as({ url: '/users' })).statusCode, 303, 'signing out everywhere includes this session')
})

t.test('a new e-mail', async (t) => {
  const world = await build(t)
  const zhao = await signInWith(world, 2)
  const url = `/settings/operators/${zhao.id}`
  const change = (email: string) => world.as({ method: 'POST', url, form: { name: 'Zhao Min', email, role: '2' } })
  t.match((await world.as({ url })).body, new RegExp(`id="email"[^>]+value="${zhao.email}"`))
  const taken = await change(' Admin@Example.COM ')
  t.equal(taken.statusCode, 422)
  t.match(taken.body, /id="email-error">.+There is an account with this e-mail already/)
  t.match(taken.body, 'value="Admin@Example.COM"', 'what was typed is kept')
  t.match((await change('zhao')).body, /id="email-error">.+This is not an e-mail address/)
  const link = linksIn((await world.as({ method: 'POST', url: `${url}/invitations` })).body)[0]!
  t.equal((await change(zhao.email.toUpperCase())).statusCode, 303)
  t.equal((await world.app.inject({ url: link })).statusCode, 200, 'another case is the same address')

  t.equal((await change(' minmin@example.com ')).statusCode, 303)
  t.match(await latest(world), { kind: 'operator', title: 'E-mail of Zhao Min changed', operator_name: 'Lin Yating' })
  t.match(await world.db.selectFrom('history_items').selectAll().orderBy('entry_id', 'desc').limit(1).executeTakeFirst(), { column_name: 'e-mail', old_value: zhao.email.toUpperCase(), new_value: 'minmin@example.com' })
  t.equal((await zhao.as({ url: '/settings' })).statusCode, 200, 'sessions go on')
  t.equal((await world.app.inject({ url: link })).statusCode, 404, 'a link that went to the old address does not')
  t.equal((await signInBy(visitor(world.app), zhao.email, 'six green cups of tea')).statusCode, 422)
  t.equal((await signInBy(visitor(world.app), 'minmin@example.com', 'six green cups of tea')).statusCode, 303)
  t.match((await world.as({ method: 'POST', url: '/settings/operators/new', form: { name: 'Wang', email: zhao.email, role: '2' } })).body, '1 operator added', 'the old address is free')
})

t.test('a request that is under way brings no session back', async (t) => {
  const world = await build(t)
  const zhao = await signInWith(world, 2)
  await zhao.as({ url: '/users' })
  const kept = await world.db.selectFrom('sessions').selectAll().execute()
  await world.as({ method: 'POST', url: `/settings/operators/${zhao.id}/sign-out` })
  t.notSame((await world.db.selectFrom('sessions').selectAll().execute()).length, kept.length)
  // What the end of such a request writes.
  for (const session of kept) await world.db.insertInto('sessions').values({ ...session, sess: JSON.stringify(session.sess) }).onConflict((conflict) => conflict.doNothing()).execute()
  t.equal((await zhao.as({ url: '/users' })).statusCode, 303)
  t.equal((await world.as({ url: '/users' })).statusCode, 200, 'others stay')
})

t.test('last seen is kept while somebody works', async (t) => {
  const world = await build(t)
  const seen = async () => (await world.db.selectFrom('operators').select('last_seen_at').executeTakeFirstOrThrow()).last_seen_at
  await world.as({ url: '/settings' })
  await world.db.updateTable('operators').set({ last_seen_at: null }).execute()
  await world.as({ url: '/settings' })
  t.equal(await seen(), null, 'not with every request')
  await world.pool.query(`update sessions set sess = jsonb_set(sess::jsonb, '{seenAt}', to_jsonb((sess ->> 'seenAt')::bigint - 11 * 60000))::json where sess ->> 'seenAt' is not null`)
  await world.as({ url: '/settings' })
  t.ok(await seen(), 'but after ten minutes')
})
