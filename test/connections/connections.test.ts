import { createServer, type AddressInfo, type Socket } from 'node:net'
import t from 'tap'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { connect, openOther } from './other.ts'

const tested = (body: string) => (/id="tested"[^]*?<p>([^]*?)<\/p>/.exec(body)?.[1] ?? '').replaceAll('&quot;', '"').replaceAll('&#39;', "'")

t.test('a connection is added, tested, changed and removed, and its password is never shown', async (t) => {
  const app = await build(t)
  const other = await openOther(t)
  const test = async (form: Record<string, string>, url = '/settings/connections/test') => app.as({ method: 'POST', url, form })
  t.match(tested((await test(other.form)).body), new RegExp(`^It works: PostgreSQL 18[.\\d]*, entered as Reader "${other.form['database']}"`))
  t.equal((await app.db.selectFrom('connections').select('id').execute()).length, 0, 'a test saves nothing')

  const id = await connect(app, other)
  const url = `/settings/connections/${id}`
  const page = await app.as({ url })
  t.notMatch(page.body, other.password)
  t.match(page.body, 'Leave this empty to go on with it')
  const row = await app.db.selectFrom('connections').selectAll().executeTakeFirstOrThrow()
  t.notMatch(JSON.stringify(row), other.password, 'it is sealed')
  t.notMatch(JSON.stringify(await app.db.selectFrom('history_items').selectAll().execute()), other.password)
  t.equal((await readFile(join(app.dataDir, 'connection-key'), 'utf8')).length, 43)

  t.match(tested((await test({ ...other.form, password: '' }, `${url}/test`)).body), /^It works/, 'the kept password is used where none is typed')
  const elsewhere = { ...other.form, password: '', host: '127.0.0.2' }
  for (const answer of [await test(elsewhere, `${url}/test`), await app.as({ method: 'POST', url, form: elsewhere })]) {
    t.equal(answer.statusCode, 422)
    t.match(answer.body, 'Type the password again: with this change it would be sent elsewhere')
  }
  t.equal((await app.as({ method: 'POST', url, form: { ...other.form, password: '', name: 'Customers' } })).statusCode, 303)
  t.match(tested((await test({ ...other.form, password: '' }, `${url}/test`)).body), /^It works/, 'and kept through a change of the name')
  t.match((await app.as({ url: '/settings/connections' })).body, 'Customers')

  t.equal((await app.as({ method: 'POST', url: '/settings/connections', form: { ...other.form, name: 'customers' } })).statusCode, 422, 'a name is there once')
  t.equal((await app.as({ method: 'POST', url: `${url}/removal` })).statusCode, 303)
  t.equal((await app.db.selectFrom('connections').select('id').execute()).length, 0)
})

t.test('what keeps a connection from working is said in words, within seconds', async (t) => {
  const app = await build(t)
  const other = await openOther(t)
  const open = new Set<Socket>()
  const silent = createServer((socket) => { open.add(socket); socket.on('error', () => {}) })
  await new Promise<void>((resolve) => { silent.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { for (const socket of open) socket.destroy(); silent.close() })
  const cases: [string, Record<string, string>, RegExp][] = [
    ['a wrong password', { password: 'wrong' }, /^The user or the password is wrong/],
    ['a database that is not there', { database: 'nowhere' }, /^There is no database “nowhere”/],
    ['a host that is not there', { host: 'nowhere.invalid' }, /^There is no host “nowhere.invalid”/],
    ['a port where nothing listens', { host: '127.0.0.1', port: '1' }, /^Nothing answers at 127.0.0.1, port 1/],
    ['a host that says nothing', { host: '127.0.0.1', port: String((silent.address() as AddressInfo).port) }, /did not answer in time/],
    ['a server without TLS', { tls: 'on' }, /^It does not speak TLS/],
    ['fields that cannot be', { port: '0', host: 'a b' }, /^Not tried\. .*Type a host alone.*A port is a number/]
  ]
  for (const [what, change, words] of cases) {
    const start = performance.now()
    const { body } = await app.as({ method: 'POST', url: '/settings/connections/test', form: { ...other.form, ...change } })
    t.match(tested(body), words, what)
    t.ok(performance.now() - start < 12_000, `${what} is told within seconds`)
  }
})

t.test('connections are for who may set them up', async (t) => {
  const app = await build(t)
  const { as } = await signInWith(app, await makeRole(app, { permissions: ['sources', 'imports'] }))
  t.equal((await as({ url: '/settings/connections' })).statusCode, 403)
  t.notMatch((await as({ url: '/settings/sources' })).body, 'href="/settings/connections"')
})
