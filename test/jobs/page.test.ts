import t from 'tap'
import { startWorker } from '../../src/jobs/start-worker.ts'
import { openQueue } from '../../src/jobs/queue.ts'
import { build, nothingOutside, type TestApp } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { makeWorld } from '../users/world.ts'

type Job = { kind: string; title?: string; status?: 'waiting' | 'running' | 'done' | 'failed' | 'stopped' | 'cancelled'; payload?: object; operator?: number | null; origin?: 'server' | 'command' }

/** A job as one that ran, or waits, was left; answers its number. */
async function job({ db }: TestApp, { kind, title = `About ${kind}`, status = 'failed', payload = {}, operator = 1, origin = 'server' }: Job): Promise<number> {
  const ended = !['waiting', 'running'].includes(status)
  const { id } = await db.insertInto('jobs').values({
    kind, title, status, payload: JSON.stringify(payload), operator_id: operator, origin, started_at: status === 'waiting' ? null : new Date(), ended_at: ended ? new Date() : null, error: status === 'failed' ? 'It failed.' : null,
    ...(status === 'running' ? { stage: 'Check rows', done: '30', total: '120' } : {})
  }).returning('id').executeTakeFirstOrThrow()
  return id
}

const linesOf = (body: string) => [...body.matchAll(/<th scope="row" class="cell-name"><a href="([^"]+)">([^<]+)</g)].map((match) => `${match[1]} ${match[2]}`)
const rowOf = (body: string, id: number) => body.split('<tr>').find((row) => row.includes(`/settings/jobs/${id}"`) || row.includes(`/settings/jobs/${id}/`)) ?? ''

t.test('the page lists jobs of all kinds, newest first, and finds them by state, kind and owner', async (t) => {
  const world = await build(t)
  const { as } = world
  t.match((await as({ url: '/settings/jobs' })).body, 'Nothing was begun yet')
  const other = await signInWith(world, await makeRole(world, { permissions: ['user_360.view', 'user_360.export'] }))
  const ids = { done: await job(world, { kind: 'remap', status: 'done' }), counted: await job(world, { kind: 'statistics', status: 'done', operator: null }), failed: await job(world, { kind: 'reproject' }), running: await job(world, { kind: 'export', status: 'running', operator: other.id }), waiting: await job(world, { kind: 'batch', status: 'waiting' }) }
  const all = (await as({ url: '/settings/jobs' })).body
  t.same(linesOf(all), [`/settings/jobs/${ids.waiting} About batch`, `/settings/jobs/${ids.running} About export`, `/settings/jobs/${ids.failed} About reproject`, `/settings/jobs/${ids.done} About remap`], 'counts that went well are not listed')
  t.match(all, '2 jobs wait or run')
  t.match(rowOf(all, ids.running), /<progress[^>]+value="30"[^>]*>25%</)
  t.match(rowOf(all, ids.running), `action="/settings/jobs/${ids.running}/cancellation"`)
  t.match(rowOf(all, ids.failed), `action="/settings/jobs/${ids.failed}/retry"`)
  t.notMatch(rowOf(all, ids.done), '<form')
  t.match(all, 'hx-get="/settings/jobs"', 'while something goes on it is asked for again')

  const found = async (query: string) => linesOf((await as({ url: `/settings/jobs?${query}` })).body).map((one) => Number(/\d+/.exec(one)?.[0]))
  t.same(await found('state=open'), [ids.waiting, ids.running])
  t.same(await found('state=bad'), [ids.failed])
  t.same(await found('state=done'), [ids.done])
  t.same(await found('kind=statistics'), [ids.counted])
  t.same(await found('whose=mine&kind=export'), [])
  t.same(await found('state=nonsense&kind=toString&before=x'), [ids.waiting, ids.running, ids.failed, ids.done], 'what is none of the choices is no filter')
  t.notMatch((await as({ url: '/settings/jobs?state=done' })).body, 'hx-trigger="load', 'nothing to wait for')
  const part = await as({ url: '/settings/jobs', headers: { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'div#jobs' } })
  t.match(part.body, /^\s*<div id="jobs"/)
})

t.test('fifty at a time, with a link to older ones that can be shared', async (t) => {
  const world = await build(t)
  for (let count = 0; count < 53; count++) await job(world, { kind: 'reproject', status: 'done' })
  const first = (await world.as({ url: '/settings/jobs?state=done' })).body
  t.equal(linesOf(first).length, 50)
  const older = /rel="next" href="([^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
  t.match(older, 'state=done')
  const second = (await world.as({ url: older })).body
  t.equal(linesOf(second).length, 3)
  t.notMatch(second, 'rel="next"')
  t.match(second, 'href="/settings/jobs?state=done">Newest')
})

t.test('everybody sees their own jobs; those of others are seen with the permission, and their titles by who sees everything', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const plain = await signInWith(world, await makeRole(world, { permissions: ['user_360.view', 'user_360.export', 'user_360.batch_tag'] }))
  const watcher = await signInWith(world, await makeRole(world, { permissions: ['user_360.view', 'jobs', 'user_360.batch_tag'] }))
  const [mine, others] = [await job(world, { kind: 'export', title: 'Export of users', operator: plain.id }), await job(world, { kind: 'batch', title: 'Secret tag set on 3 users' })]
  const own = await plain.as({ url: '/settings/jobs' })
  t.same(linesOf(own.body), [`/settings/jobs/${mine} Export of users`])
  t.notMatch(own.body, 'everybody’s')
  t.equal((await plain.as({ url: `/settings/jobs/${others}` })).statusCode, 404)
  t.equal((await plain.as({ method: 'POST', url: `/settings/jobs/${others}/retry`, form: {} })).statusCode, 404)
  const watched = await watcher.as({ url: '/settings/jobs?kind=batch' })
  t.same(linesOf(watched.body), [`/settings/jobs/${others} Batch`])
  const page = await watcher.as({ url: `/settings/jobs/${others}` })
  t.equal(page.statusCode, 200)
  t.notMatch(page.body, 'Secret tag', 'a title may name a tag that is hidden')
  t.match((await world.as({ url: `/settings/jobs/${others}` })).body, 'Secret tag')
})

t.test('what cannot begin anew says why, and nothing is changed', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const { as, db } = world
  const run = await db.selectFrom('import_runs').select(['id', 'source_id']).orderBy('id').executeTakeFirstOrThrow()
  const older = await job(world, { kind: 'import' })
  await db.updateTable('import_runs').set({ job_id: older }).where('id', '=', run.id).execute()
  await db.insertInto('import_runs').values({ source_id: run.source_id, job_id: await job(world, { kind: 'import', status: 'done' }), file_name: 'later.csv' }).execute()
  const stopped = await job(world, { kind: 'import', status: 'stopped' })
  await db.insertInto('import_runs').values({ source_id: run.source_id, job_id: stopped, file_name: 'wrong.csv' }).execute()
  const refusals: [number, RegExp][] = [
    [older, /Something of the same kind was done since/], [stopped, /Its file is not kept any more/], [await job(world, { kind: 'batch', payload: { selectionId: '00000000-0000-4000-8000-000000000000' } }), /choice of users is kept for a day only/],
    [await job(world, { kind: 'reproject', origin: 'command' }), /Run the command again/], [await job(world, { kind: 'push', payload: { pushId: 1, destinationId: 1 } }), /continued on its own page/], [await job(world, { kind: 'remap', status: 'done' }), /It is done/],
    [await job(world, { kind: 'remap', status: 'waiting' }), /has not ended yet/]
  ]
  const before = await db.selectFrom('jobs').select(['id', 'status']).orderBy('id').execute()
  for (const [id, why] of refusals) {
    const refused = await as({ method: 'POST', url: `/settings/jobs/${id}/retry`, form: {} })
    t.ok([403, 409].includes(refused.statusCode), `${refused.statusCode}`)
    t.match(refused.body, why)
  }
  t.same(await db.selectFrom('jobs').select(['id', 'status']).orderBy('id').execute(), before)
  t.equal((await as({ method: 'POST', url: '/settings/jobs/9999/retry', form: {} })).statusCode, 404)
  t.match((await as({ url: `/settings/jobs/${stopped}` })).body, 'Its file is not kept any more', 'the page of the job says so before anybody asks')
})

t.test('a retry needs what ordering the job needs, now', async (t) => {
  const world = await build(t)
  const roles = [await makeRole(world, { permissions: ['user_360.view', 'jobs'] }), await makeRole(world, { permissions: ['user_360.view', 'user_360.undo'] })] as const
  const [watcher, former] = [await signInWith(world, roles[0]), await signInWith(world, roles[1])]
  const id = await job(world, { kind: 'undo', operator: former.id, payload: { entryId: '1' } })
  t.equal((await watcher.as({ method: 'POST', url: `/settings/jobs/${id}/retry`, form: {} })).statusCode, 403)
  t.notMatch((await watcher.as({ url: '/settings/jobs' })).body, '/retry')
  t.match((await former.as({ url: `/settings/jobs/${id}` })).body, `/settings/jobs/${id}/retry`)
  await world.db.updateTable('roles').set({ permissions: ['user_360.view'] }).where('id', '=', roles[1]).execute()
  await world.pool.query('update catalog_state set version = version + 1')
  const refused = await former.as({ method: 'POST', url: `/settings/jobs/${id}/retry`, form: {} })
  t.equal(refused.statusCode, 403)
  t.match(refused.body, 'Undo', 'the missing permission is named')
})

t.test('a batch whose database failed is put right by a retry: once, with its history', { timeout: 120_000 }, async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const { as, db, pool } = world
  const column = await db.selectFrom('source_columns').select('id').where('name', '=', 'lang').executeTakeFirstOrThrow()
  const { id: selection } = await db.insertInto('selections').values({ operator_id: 1, query: null, users: '2' }).returning('id').executeTakeFirstOrThrow()
  await pool.query('insert into selected_users (selection_id, part, user_ids) values ($1, 0, $2)', [selection, [1, 2]])
  const payload = { kind: 'batch', title: 'Language set on 2 users', selectionId: selection, ref: `tag:${column.id}`, change: { mode: 'set', value: 'German' }, policy: 'keep', operator: { id: 1, name: 'Lin Yating' } }
  const id = await job(world, { kind: 'batch', title: payload.title, status: 'waiting', payload })
  await db.updateTable('selections').set({ job_id: id }).where('id', '=', selection).execute()
  // What a full disk or a lost server would do: every decision is refused.
  await pool.query(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no space left'; end $$; create trigger refuse before insert on overrides for each statement execute function refuse()`)
  const queue = await openQueue(world.url, { error() {} })
  t.teardown(() => queue.stop())
  const worker = await startWorker({ url: world.url, dataDir: world.dataDir, aesKey: null, timeZone: 'UTC', outside: nothingOutside }, { info() {}, error() {} } as never)
  t.teardown(() => worker.stop())
  const ended = async () => {
    for (let tries = 0; tries < 1200; tries++) {
      const { status } = await db.selectFrom('jobs').select('status').where('id', '=', id).executeTakeFirstOrThrow()
      if (status !== 'waiting' && status !== 'running') return status
      await new Promise((resolve) => { setTimeout(resolve, 50) })
    }
    return 'not ended'
  }
  t.equal(await ended(), 'failed')
  t.equal((await pool.query('select from overrides')).rowCount, 0)
  await pool.query('drop trigger refuse on overrides')
  const [one, two] = await Promise.all([1, 2].map(() => as({ method: 'POST', url: `/settings/jobs/${id}/retry`, form: {} })))
  t.same([one?.statusCode, two?.statusCode].sort(), [303, 409], 'two clicks begin it once')
  // The queue of a test application wakes nobody.
  await queue.wake(id)
  t.equal(await ended(), 'done')
  t.equal((await pool.query('select from overrides')).rowCount, 2)
  const titles = (await db.selectFrom('history_entries').select('title').where('job_id', '=', id).orderBy('id').execute()).map(({ title }) => title)
  t.same(titles, ['A batch failed and changed nothing', 'A batch: begun anew', 'Language set on 2 users'])
})
