import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openWorld, type World } from '../history/acts.ts'
import { bearerOf } from './bearer.ts'

const program = join(import.meta.dirname, 'console-child.ts')

async function start(t: Test, world: World): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, [program, world.url, world.dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const [address] = await once(child.stdout, 'data') as [Buffer]
  return { child, address: String(address).trim() }
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

t.test('a console that is killed in the middle of an act has done it with its answer, or not at all', { timeout: 120_000 }, async (t) => {
  const world = await openWorld(t)
  const { secret } = await bearerOf(world, 1)
  const lang = `tag:${world.columns['2.lang']}`
  const tag = (address: string) => fetch(`${address}/api/v1/users/1/tags`, { method: 'POST', headers: { 'authorization': `Bearer ${secret}`, 'content-type': 'application/json', 'idempotency-key': 'k' }, body: JSON.stringify({ tags: [{ field: lang, values: ['A'] }] }) })
  const tagged = async () => (await world.pool.query(`select id::text from history_entries where kind = 'tag'`)).rows
  const holder = await world.pool.connect()
  const hold = () => holder.query('select pg_advisory_lock(hashint8extended(1, 360004))')
  const free = () => holder.query('select pg_advisory_unlock(hashint8extended(1, 360004))')
  const waits = async () => { while ((await world.pool.query(`select from pg_locks where locktype = 'advisory' and not granted`)).rowCount === 0) await delay(10) }

  await hold()
  const first = await start(t, world)
  const lost = tag(first.address).then(() => 'answered', () => 'broken off')
  await waits()
  await kill(first.child)
  t.equal(await lost, 'broken off', 'killed before the act was committed')
  await world.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'api-child'`)
  await free()
  t.same(await tagged(), [], 'nothing was done')

  // The commit itself is held up, and the console killed before it can hear of it: the database finishes alone.
  await world.pool.query(`create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(1.5); return null; end $$; create constraint trigger dawdle after insert on kept_answers deferrable initially deferred for each row execute function dawdle()`)
  // On a busy machine the database could notice before the commit that nobody listens any more (embedded-settings.ts), and give it up.
  await world.pool.query(`do $$ begin execute format('alter database %I set client_connection_check_interval = 0', current_database()); end $$`)
  const second = await start(t, world)
  const unheard = tag(second.address).then(() => 'answered', () => 'broken off')
  while ((await world.pool.query(`select from pg_stat_activity where application_name = 'api-child' and query ilike 'commit%' and wait_event = 'PgSleep'`)).rowCount === 0) await delay(10)
  await kill(second.child)
  t.equal(await unheard, 'broken off', 'killed between the act and its answer')
  for (let tries = 0; tries < 100 && (await tagged()).length === 0; tries++) await delay(50)
  const [entry] = await tagged()
  t.ok(entry, 'the act was committed all the same')

  const third = await start(t, world)
  const answer = await tag(third.address)
  t.same([answer.status, answer.headers.get('idempotent-replayed'), await answer.json()], [200, 'true', { entry: entry!.id, users: 1, job: null }], 'who asks again gets the answer that was lost')
  t.equal((await tagged()).length, 1, 'and it was done once')
  holder.release()
})
