import t from 'tap'
import { openLog } from '../../src/log.ts'
import { addOperators } from '../../src/operators/add-operators.ts'
import { build, type TestApp } from '../helper.ts'
import { linksIn, signInBy, visitor } from './people.ts'

const password = 'six green cups of tea'
const gone = /No password was set[\s\S]+This link does not work: it was used, it is more than 72 hours old, or a newer one was made since/

async function invited(world: TestApp, email = 'zhao@example.com'): Promise<{ id: number; link: string }> {
  const { added } = await addOperators(world.db, 1, [{ name: 'Zhao Min', email }], [2])
  return { id: added[0]!.id, link: `/invitations/${added[0]!.token}` }
}

t.test('a one-time link sets the password, once', async (t) => {
  const world = await build(t)
  const { id, link } = await invited(world)
  const zhao = visitor(world.app)
  t.equal((await signInBy(zhao, 'zhao@example.com', '')).statusCode, 422, 'an account without a password cannot be signed in to')
  t.equal((await signInBy(zhao, 'zhao@example.com', 'null')).statusCode, 422)

  for (let count = 0; count < 3; count++) t.match((await zhao.get(link)).body, /Choose a password[\s\S]+zhao@example\.com/, 'looking does not use it up')
  const before = zhao.cookie()
  t.match((await zhao.post(link, { next: 'short', again: 'short' })).body, /id="next-error">.+at least 10/)
  t.match((await zhao.post(link, { next: password, again: 'other' })).body, /id="again-error">.+differ/)
  const stranger = visitor(world.app, '10.0.0.2')
  await stranger.get(link)
  const [first, second] = await Promise.all([zhao.post(link, { next: password, again: password }), stranger.post(link, { next: 'another long phrase', again: 'another long phrase' })])
  t.same([first.statusCode, second.statusCode].sort(), [303, 404], 'of two at once one sets the password')
  const [winner, loser] = first.statusCode === 303 ? [zhao, second] : [stranger, first]
  t.match(loser.body, gone)
  t.not(winner.cookie(), before, 'with a new session')
  t.equal((await winner.get('/users')).statusCode, 200, 'and is signed in')
  t.match((await visitor(world.app).get(link)).body, gone)
  t.match((await world.db.selectFrom('history_entries').select(['kind', 'title', 'operator_id']).orderBy('id', 'desc').limit(2).execute()).reverse(), [
    { kind: 'operator', title: 'Zhao Min set their password by a one-time link', operator_id: id }, { kind: 'sign_in', title: 'Signed in', operator_id: id }
  ])
})

t.test('a link for a forgotten password ends what was', async (t) => {
  const world = await build(t)
  const { id, link } = await invited(world)
  const zhao = visitor(world.app)
  await zhao.get(link)
  await zhao.post(link, { next: password, again: password })
  const make = async () => linksIn((await world.as({ method: 'POST', url: `/settings/operators/${id}/invitations` })).body)[0]!
  const [older, newer] = [await make(), await make()]
  t.match((await visitor(world.app).get(older)).body, gone, 'a newer link takes the place of the one before')
  t.equal((await signInBy(visitor(world.app), 'zhao@example.com', password)).statusCode, 303, 'the password holds until the link is used')
  const elsewhere = visitor(world.app)
  await elsewhere.get(newer)
  t.equal((await elsewhere.post(newer, { next: 'a long new phrase', again: 'a long new phrase' })).statusCode, 303)
  t.equal((await zhao.get('/users')).statusCode, 303, 'other sessions are over')
  t.equal((await signInBy(visitor(world.app), 'zhao@example.com', password)).statusCode, 422)

  const last = await make()
  await elsewhere.get('/password')
  t.equal((await elsewhere.post('/password', { current: 'a long new phrase', next: 'yet another phrase', again: 'yet another phrase' })).statusCode, 303)
  t.match((await visitor(world.app).get(last)).body, gone, 'who changes the password needs no link any more')
})

t.test('links that do not work are answered alike, and not without end', async (t) => {
  const world = await build(t)
  const { link } = await invited(world)
  await world.db.updateTable('invitations').set({ expires_at: new Date(Date.now() - 1000) }).execute()
  const someone = visitor(world.app)
  const old = await someone.get(link)
  const unknown = await someone.get('/invitations/nothing')
  t.same([old.statusCode, unknown.statusCode], [404, 404])
  const plain = (body: string) => body.replaceAll(/value="[^"]{20,}"|x-csrf-token":"[^"]+"/g, '')
  t.equal(plain(old.body), plain(unknown.body))
  t.match(old.body, gone)
  const until = (await world.db.selectFrom('invitations').select('expires_at').executeTakeFirstOrThrow()).expires_at
  t.ok(until < new Date())
  const fresh = await invited(world, 'wang@example.com')
  const hours = ((await world.db.selectFrom('invitations').select('expires_at').where('operator_id', '=', fresh.id).executeTakeFirstOrThrow()).expires_at.getTime() - Date.now()) / 3_600_000
  t.ok(hours > 71.9 && hours <= 72, `it works for 72 hours: ${hours}`)

  for (let count = 0; count < 28; count++) await someone.get(`/invitations/guess-${count}`)
  t.equal((await someone.get(fresh.link)).statusCode, 429, 'this address has tried too often')
  t.equal((await visitor(world.app, '10.0.0.9').get(fresh.link)).statusCode, 200, 'another has not')
})

t.test('the token of a link is in no line of the log', async (t) => {
  const lines: string[] = []
  const world = await build(t, { logger: openLog('trace', { write: (text) => { lines.push(text) } }) })
  const { link } = await invited(world)
  const zhao = visitor(world.app)
  await zhao.get(`${link}?x=1`)
  await zhao.post(link, { next: password, again: password })
  const log = lines.join('')
  t.match(log, '"/invitations/..."', 'the request is there')
  t.notMatch(log, link.split('/')[2]!)
  t.notMatch(log, password)
})
