import t from 'tap'
import { destinationKeys } from '../../src/destinations/seal.ts'
import { openLog } from '../../src/log.ts'
import { build } from '../helper.ts'

t.test('a person unsubscribes by the link in a mail, or the mail program does it for them', async (t) => {
  const { app, db, dataDir } = await build(t)
  const keys = await destinationKeys(dataDir)
  const listed = async () => (await db.selectFrom('unsubscribed_addresses').select('digest').execute()).map(({ digest }) => digest.toString('hex'))
  const link = `/unsubscribe/${keys.token('ann@example.com')}`
  const looked = await app.inject({ url: link })
  t.equal(looked.statusCode, 200)
  t.match(looked.body, 'No more mails?')
  t.same(await listed(), [], 'mail servers open links before people do')
  const done = await app.inject({ method: 'POST', url: link, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'List-Unsubscribe=One-Click' })
  t.equal(done.statusCode, 200)
  t.match(done.body, 'You are unsubscribed')
  t.same(await listed(), [keys.digest('ann@example.com').toString('hex')])
  t.equal((await app.inject({ method: 'POST', url: link })).statusCode, 200, 'once more does no harm')
  const parts = await app.inject({ method: 'POST', url: `/unsubscribe/${keys.token('bob@example.com')}`, headers: { 'content-type': 'multipart/form-data; boundary=x', 'sec-fetch-site': 'cross-site' }, payload: '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n' })
  t.equal(parts.statusCode, 200, 'RFC 8058 allows that form too')
  t.equal((await listed()).length, 2)
})

t.test('a code that is not ours does nothing', async (t) => {
  const { app, db, dataDir } = await build(t)
  const token = (await destinationKeys(dataDir)).token('ann@example.com')
  const changed = (at: number) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
  for (const wrong of ['x', `${token}x`, token.slice(0, -1), changed(0), changed(40), changed(63), 'x'.repeat(5000)]) {
    for (const method of ['GET', 'POST'] as const) t.ok([400, 404].includes((await app.inject({ method, url: `/unsubscribe/${wrong}` })).statusCode), `${method} ${wrong.slice(0, 20)}`)
  }
  t.same(await db.selectFrom('unsubscribed_addresses').selectAll().execute(), [])
})

t.test('operators keep the lists, which cannot be read', async (t) => {
  const { as, db, dataDir } = await build(t)
  const keys = await destinationKeys(dataDir)
  const save = (addresses: string, change = 'unsubscribe') => as({ method: 'POST', url: '/settings/destinations/addresses', form: { addresses, change } })
  t.equal((await save(`Ann@Example.com, bob@example.com\nunsubscribe ${keys.token('eve@example.com')}`)).statusCode, 303)
  t.match((await as({ url: '/settings/destinations/addresses' })).body, /3 addresses have unsubscribed; 0 were refused[\s\S]*3 addresses unsubscribed\./)
  t.same((await db.selectFrom('history_entries').select('title').execute()).map(({ title }) => title), ['3 e-mail addresses unsubscribed'])
  const stored = JSON.stringify(await db.selectFrom('unsubscribed_addresses').selectAll().execute()) + JSON.stringify(await db.selectFrom('history_items').selectAll().execute())
  t.notMatch(stored, 'example.com')
  const wrong = await save('ann@example.com nonsense')
  t.equal(wrong.statusCode, 422)
  t.match(wrong.body, /“nonsense” is neither an address nor a code/)
  await save('ANN@example.com new@example.com', 'allow')
  t.equal((await db.selectFrom('unsubscribed_addresses').selectAll().execute()).length, 2)
  t.equal((await save(' ')).statusCode, 422)
})

t.test('the code is in no line of the log', async (t) => {
  const lines: string[] = []
  const { app } = await build(t, { logger: openLog('info', { write: (line) => { lines.push(line) } }) })
  await app.inject({ url: '/unsubscribe/abcdefgh' })
  t.ok(lines.length > 0)
  t.notMatch(lines.join(''), 'abcdefgh')
})
