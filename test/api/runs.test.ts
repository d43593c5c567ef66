import t from 'tap'
import { openTables } from '../imports/other-table.ts'
import { bearerOf } from './bearer.ts'
import { misfitOf, readDocument } from './fits.ts'

t.test('a source is imported from its table by a program, once for its key', async (t) => {
  const app = await openTables(t, `create table members (no text primary key, city text); insert into members values ('a', 'Ulm'), ('b', 'Bonn')`)
  await app.importTable('members', { alias: 'Members' })
  const { send } = await bearerOf(app, 1)
  const document = await readDocument(app)
  const ask = async (path: string, key?: string) => {
    const answer = await send({ method: 'POST', url: `/api/v1${path}`, ...(key ? { key } : {}) })
    t.equal(misfitOf(document, 'POST', `/api/v1${path}`, answer), '')
    return answer
  }
  const first = await ask('/sources/1/runs', 'k')
  t.equal(first.statusCode, 202)
  const again = await ask('/sources/1/runs', 'k')
  t.same([again.json(), again.headers['idempotent-replayed']], [first.json(), 'true'])
  t.match((await ask('/sources/1/runs', 'other')).json(), { status: 409, detail: /is under way/ })
  await app.runJobs()
  t.match(await app.lastRun(), { id: first.json().run, status: 'done', started: 'api', rows_read: '2', rows_removed: '0' })

  await app.other.pool.query(`delete from members where no = 'a'`)
  t.equal((await ask('/sources/1/runs?everything=true')).statusCode, 202)
  await app.runJobs()
  t.match(await app.lastRun(), { status: 'done', rows_removed: '1' })
  t.match((await app.as({ url: '/settings/runs?started=api' })).body, 'by API, Lin Yating')

  t.equal((await ask('/sources/9/runs')).statusCode, 404)
  await app.pool.query('delete from source_origins')
  t.match((await ask('/sources/1/runs')).json(), { status: 409, detail: 'This source has no table that it is read from. Import a file into it.' })
  const without = await bearerOf(app, 1, ['sources'])
  t.equal((await without.send({ method: 'POST', url: '/api/v1/sources/1/runs' })).statusCode, 403)
})
