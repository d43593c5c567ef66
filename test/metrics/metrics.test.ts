import t from 'tap'
import { build } from '../helper.ts'
import { makeWorld } from '../users/world.ts'

const token = 'a-token-for-the-meters'
const withToken = { authorization: `Bearer ${token}` }

t.test('there is no /metrics where no token is set', async (t) => {
  const { app, as } = await build(t)
  t.equal((await app.inject({ url: '/metrics' })).statusCode, 404)
  t.equal((await as({ url: '/metrics', headers: { authorization: 'Bearer ' } })).statusCode, 404)
})

t.test('it opens to the token alone, not to a session', async (t) => {
  const { app, as } = await build(t, { metricsToken: token })
  for (const authorization of [undefined, '', 'Bearer', 'Bearer wrong', `bearer ${token}x`, `Basic ${token}`]) {
    const refused = await app.inject({ url: '/metrics', headers: authorization === undefined ? {} : { authorization } })
    t.equal(refused.statusCode, 401)
    t.equal(refused.headers['www-authenticate'], 'Bearer')
    t.notMatch(refused.body, 'user360_')
  }
  t.equal((await as({ url: '/metrics' })).statusCode, 401)
  const opened = await app.inject({ url: '/metrics', headers: withToken })
  t.equal(opened.statusCode, 200)
  t.match(opened.headers['content-type'], 'text/plain; version=0.0.4')
})

t.test('it counts requests by route, jobs by how they ended, rows of imports, connections', async (t) => {
  const world = await build(t, { metricsToken: token })
  const { app, as, db, runJobs } = world
  const read = async () => (await app.inject({ url: '/metrics', headers: withToken })).body
  const line = (text: string, start: string) => Number(text.split('\n').find((one) => one.startsWith(start))?.split(' ').at(-1))
  await as({ url: '/users?id=13812345678' })
  await as({ url: '/users/77' })
  await as({ url: '/no-such-page' })
  await db.insertInto('jobs').values([{ kind: 'reproject', title: 'x', payload: '{}' }, { kind: 'remove_source', title: 'x', payload: '{"sourceId": 99}' }]).execute()
  const before = await read()
  t.equal(line(before, 'user360_http_request_duration_seconds_count{method="GET",route="/users",status="200"}'), 1)
  t.equal(line(before, 'user360_http_request_duration_seconds_count{method="GET",route="/users/:id",status="404"}'), 1)
  t.equal(line(before, 'user360_http_request_duration_seconds_count{method="GET",route="none",status="404"}'), 1)
  t.notMatch(before, '13812345678', 'no address is in it')
  t.equal(line(before, 'user360_jobs{kind="reproject",status="waiting"}'), 1)
  t.equal(line(before, 'user360_database_up'), 1)
  t.ok(line(before, 'process_resident_memory_bytes') > 1e6)
  t.ok(line(before, 'user360_database_connections{program="metrics.test.ts",state="active"}') >= 1)
  t.ok(line(before, 'user360_pool_connections{state="total"}') >= 1)
  const { error } = console
  console.error = () => {}
  await runJobs()
  console.error = error
  const after = await read()
  t.notMatch(after, 'user360_jobs{kind="reproject"', 'what waits no longer is not told any more')
  t.equal(line(after, 'user360_jobs_ended_total{kind="reproject",status="done"}'), 1)
  t.equal(line(after, 'user360_jobs_ended_total{kind="remove_source",status="failed"}'), 1)
  t.ok(line(after, 'user360_job_seconds_total{kind="reproject"}') > 0)
  t.equal(line(after, 'user360_users'), 0)
  await makeWorld(world)
  const { rows_read, sources } = await db.selectFrom('import_runs').select(({ fn }) => [fn.sum('rows_read').as('rows_read'), fn.count('source_id').distinct().as('sources')]).executeTakeFirstOrThrow()
  const filled = await read()
  t.ok(Number(rows_read) > 0)
  t.equal(line(filled, 'user360_import_rows_total{outcome="read"}'), Number(rows_read))
  t.equal(filled.match(/^user360_import_last_success_timestamp_seconds\{source="[^"]+"\} \d/gm)?.length, Number(sources))
  t.ok(line(filled, 'user360_users') > 0)
})
