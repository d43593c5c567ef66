import t from 'tap'
import { openWorld } from '../history/acts.ts'
import { build } from '../helper.ts'
import { bearerOf } from './bearer.ts'

t.test('a key does an act once', async (t) => {
  const world = await openWorld(t)
  const { send, id } = await bearerOf(world, 1)
  const edit = (city: string, key?: string, more = {}) => send({ method: 'PATCH', url: '/api/v1/users/1', json: { values: { 'attribute:city': city } }, ...(key ? { key } : {}), ...more })
  const first = await edit('Berlin', 'a')
  t.equal(first.headers['idempotent-replayed'], undefined)
  await edit('Paris')
  const entries = await world.entries()
  const again = await edit('Berlin', 'a')
  t.same([again.statusCode, again.json(), again.headers['idempotent-replayed']], [200, first.json(), 'true'], 'the same body is answered as at first')
  t.equal(await world.shows('1', 'city'), 'Paris', 'and does nothing')
  t.equal(await world.entries(), entries)
  t.match((await edit('Rome', 'a')).json(), { status: 422, detail: /was sent with another request/ })
  t.equal((await send({ method: 'PATCH', url: '/api/v1/users/2', json: { values: { 'attribute:city': 'Berlin' } }, key: 'a' })).statusCode, 422, 'nor for another address')
  t.equal(await world.entries(), entries)

  const other = await bearerOf(world, 1)
  t.equal((await other.send({ method: 'PATCH', url: '/api/v1/users/1', json: { values: { 'attribute:city': 'Rome' } }, key: 'a' })).statusCode, 200, 'keys of another token are others')

  t.equal((await edit('2020', 'b', { json: { values: { 'attribute:birthday': 'x' } } })).statusCode, 422)
  t.equal((await edit('Oslo', 'b')).statusCode, 200, 'what was refused did not use up its key')
  t.equal((await edit('Oslo', 'c')).json().entry, null)
  t.same((await edit('Oslo', 'c')).headers['idempotent-replayed'], 'true', 'an act that wrote nothing has its answer too')
  for (const key of ['', 'x'.repeat(201), 'ä', 'a b']) t.equal((await edit('Oslo', undefined, { headers: { 'idempotency-key': key } })).statusCode, 422, `“${key.slice(0, 10)}” is no key`)

  await world.pool.query(`update kept_answers set at = at - interval '25 hours' where token_id = $1`, [id])
  t.equal((await edit('Lima', 'a')).headers['idempotent-replayed'], undefined, 'after a day the key is new')
  t.equal(await world.shows('1', 'city'), 'Lima')
  const kept = JSON.stringify((await world.pool.query('select * from kept_answers')).rows)
  t.notMatch(kept, /Lima|Berlin/, 'what was sent is not kept')
})

t.test('while the first is under way the second waits for nothing and does nothing', async (t) => {
  const world = await openWorld(t)
  const { send } = await bearerOf(world, 1)
  const tag = (value: string) => send({ method: 'POST', url: '/api/v1/users/1/tags', json: { tags: [{ field: `tag:${world.columns['2.lang']}`, values: [value] }] }, key: 'k' })
  const holder = await world.pool.connect()
  await holder.query('select pg_advisory_lock(hashint8extended(1, 360004))')
  const first = tag('A')
  while ((await world.pool.query(`select from pg_locks where locktype = 'advisory' and not granted`)).rowCount === 0);
  t.match((await tag('A')).json(), { status: 409, detail: /is under way/ })
  t.equal((await tag('B')).statusCode, 422, 'with another body it is refused')
  await holder.query('select pg_advisory_unlock(hashint8extended(1, 360004))')
  holder.release()
  t.equal((await first).statusCode, 200)
  t.equal((await tag('A')).headers['idempotent-replayed'], 'true')
  t.equal((await world.pool.query(`select from history_entries where kind = 'tag'`)).rowCount, 1)
})

t.test('an act and its answer are there together or not at all', async (t) => {
  const world = await openWorld(t)
  const { send } = await bearerOf(world, 1)
  const lang = `tag:${world.columns['2.lang']}`
  const before = await world.entries()
  await world.pool.query(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$; create trigger refuse before insert on kept_answers for each row execute function refuse()`)
  const acts = [
    { method: 'PATCH', url: '/api/v1/users/1', json: { values: { 'attribute:city': 'Berlin' } } }, { method: 'POST', url: '/api/v1/users/1/tags', json: { tags: [{ field: lang, values: ['A'] }] } },
    { method: 'POST', url: '/api/v1/taggings', json: { users: ['1', '2'], field: lang, values: ['A'], policy: 'keep' } }, { method: 'POST', url: '/api/v1/exports', json: { columns: ['user_id'] } },
    { method: 'POST', url: '/api/v1/sources/1/imports', payload: 'no,mobile,name,city,level,likes,value,updated\nM9,,,,,,,\n', headers: { 'content-type': 'text/csv' } }
  ] as const
  for (const act of acts) t.match((await send({ ...act, key: 'k' })).json(), { status: 500, detail: /Nothing was changed/ }, `${act.method} ${act.url}`)
  t.equal(await world.entries(), before, 'no act without its answer')
  t.equal((await world.pool.query(`select from jobs where kind in ('export', 'import') and status = 'waiting'`)).rowCount, 0)
  t.equal((await world.pool.query('select from uploads')).rowCount, 0, 'and no file is left')
  await world.pool.query('drop trigger refuse on kept_answers')
  for (const [at, act] of acts.entries()) {
    const first = await send({ ...act, key: `k${at}` })
    t.ok(first.statusCode < 300, `${act.method} ${act.url} is done`)
    // As after a restart: this process knows nothing of what was under way.
    const later = await build(t, { pool: world.pool, dataDir: world.dataDir })
    const entries = await world.entries()
    const again = await later.app.inject({ method: act.method, url: act.url, headers: { authorization: String(first.raw.req.headers['authorization']), 'idempotency-key': `k${at}`, 'content-type': 'json' in act ? 'application/json' : 'text/csv' }, payload: 'json' in act ? JSON.stringify(act.json) : act.payload })
    t.same([again.statusCode, again.json(), again.headers['idempotent-replayed']], [first.statusCode, first.json(), 'true'])
    t.equal(await world.entries(), entries, 'and not done twice')
  }
})
