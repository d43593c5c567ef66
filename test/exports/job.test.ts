import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import t from 'tap'
import { getCatalog } from '../../src/catalog/queries.ts'
import { runExport } from '../../src/exports/run-export.ts'
import { setRoles } from '../../src/operators/queries.ts'
import { raiseCatalogVersion } from '../../src/catalog/queries.ts'
import { build, type TestApp } from '../helper.ts'
import { makeRole, signInWith, type Send } from '../role.ts'
import { quietContext, seed, type SeedStructure } from '../seed.ts'
import { makeWorld } from '../users/world.ts'
import { everything, fileOf, order, plain, readCsv } from './world.ts'

const people: SeedStructure = { alias: 'People', key: { column: 'no' }, columns: [{ name: 'no', kind: 'ignore', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'level', kind: 'tag', type: 'text' }, { name: 'text', kind: 'tag', type: 'text' }] }
const rows = (level: string, count: number) => ['no,phone,level,text', ...Array.from({ length: count }, (_, n) => `P${n},1390${String(n).padStart(7, '0')},${level},${'x'.repeat(300)}`)].join('\n')

/** Orders an export and leaves its job waiting. */
async function ordered(world: TestApp, as: Send = world.as, form: Record<string, string | string[]> = {}): Promise<{ id: number; jobId: number }> {
  const answer = await as({ method: 'POST', url: '/users/exports', form: { in: '/users', ...plain, item: ['user_id', 'attribute:city'], ...form } })
  if (answer.statusCode !== 303) throw new Error(`${answer.statusCode}: ${answer.body.slice(0, 1000)}`)
  const { id, job_id: jobId } = await world.db.selectFrom('exports').select(['id', 'job_id']).orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
  t.equal(answer.headers.location, `/settings/jobs/${jobId}`)
  return { id, jobId }
}

const jobOf = ({ db }: TestApp, id: number) => db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const filesIn = (world: TestApp) => readdir(join(world.dataDir, 'exports'))

t.test('a file is of one moment, whatever is published meanwhile', async (t) => {
  const world = await build(t)
  await seed(world, people, rows('before', 30_000))
  const item = everything((await world.as({ url: '/users/exports' })).body).filter((ref) => /^(user_id|id|tag)/.test(ref))
  const levels = async (id: number) => new Set(readCsv((await fileOf(world, id))!).rows.map((row) => row['level']))

  const between = await ordered(world, world.as, { item })
  let published = false
  // Between the look at the catalog and the first row.
  const late = new Proxy(world.pool, { get(pool, name) { return name === 'connect' ? async () => { if (!published) { published = true; await seed(world, people, rows('middle', 30_000)) } return pool.connect() } : Reflect.get(pool, name).bind?.(pool) ?? Reflect.get(pool, name) } }) as pg.Pool
  const context = { ...quietContext(world, between.jobId), pool: late, dataDir: world.dataDir }
  await world.db.updateTable('jobs').set({ status: 'running' }).where('id', '=', between.jobId).execute()
  await runExport(context)
  t.same(await levels(between.id), new Set(['middle']), 'read anew after a publication that came before the first row')

  const during = await ordered(world, world.as, { item })
  let importing: Promise<unknown> | undefined
  let seen = 0
  await world.db.updateTable('jobs').set({ status: 'running' }).where('id', '=', during.jobId).execute()
  await runExport({
    ...quietContext(world, during.jobId), dataDir: world.dataDir,
    progress(stage, done) { if (stage === 'Writing' && done > 0) { seen = done; importing ??= seed(world, people, rows('after', 30_000)) } }
  })
  t.ok(importing && seen > 0, 'an import began while rows were written')
  await importing
  t.same(await levels(during.id), new Set(['middle']), 'nothing of it is in the file')
  t.equal(readCsv((await fileOf(world, during.id))!).rows.length, 30_000)
  t.notSame((await getCatalog(world.db)).version, '0')
})

t.test('a cancelled export ends soon and leaves no file', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const { id, jobId } = await ordered(world)
  const { usersTable } = await getCatalog(world.db)
  const holder = await world.pool.connect()
  await holder.query(`begin; lock table ${usersTable} in access exclusive mode`)
  const running = world.runJobs()
  while ((await jobOf(world, jobId)).status === 'waiting') await sleep(20)
  const answer = await world.as({ method: 'POST', url: `/settings/jobs/${jobId}/cancellation` })
  t.equal(answer.statusCode, 303)
  await running
  await holder.query('rollback')
  holder.release()
  t.match(await jobOf(world, jobId), { status: 'cancelled' })
  t.same(await filesIn(world), [])
  t.equal(await fileOf(world, id), null)
  t.match((await world.as({ url: '/settings/exports' })).body, 'cancelled')
})

t.test('what counts is what the operator may do and see when the job runs', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const grants = { otherAttributes: 'full' as const, sources: { 1: { otherwise: 'full' as const } } }
  const role = await makeRole(world, { permissions: ['user_360.view', 'user_360.export'], ...grants })
  const lesser = await makeRole(world, { permissions: ['user_360.view'], ...grants })
  const narrower = await makeRole(world, { permissions: ['user_360.export'], attributes: { name: 'full' }, sources: { 1: { otherwise: 'masked' } } })
  const { id, as } = await signInWith(world, role)
  const become = async (roleId: number) => world.db.transaction().execute(async (trx) => { await setRoles(trx, id, [roleId]); await raiseCatalogVersion(trx) })
  const endOf = async (act: () => Promise<unknown>, form = {}) => {
    await become(role)
    const { jobId } = await ordered(world, as, form)
    await act()
    await world.runJobs()
    return jobOf(world, jobId)
  }
  t.match(await endOf(() => become(lesser)), { status: 'stopped', error: /Your roles do not include “User insight > User list > User 360 > Export” any more/ })
  t.match(await endOf(() => become(narrower), { item: ['attribute:city'] }), { status: 'stopped', error: /Nothing of what was chosen/ })
  t.match(await endOf(() => become(narrower), { in: `/users?where=${encodeURIComponent('[["attribute:city","is","Berlin"]]')}` }), { status: 'stopped', error: /The query names something/ }, 'a query that can no longer be asked does not become a wider one')
  const less = await endOf(() => become(narrower), { item: ['user_id', 'attribute:name', 'attribute:city'] })
  t.match(less, { status: 'done', result: { itemsGone: 1, columnsExported: 2 } })
  t.same(await filesIn(world).then((files) => files.length), 1)
  t.match(await endOf(() => world.db.updateTable('operators').set({ disabled_at: new Date() }).where('id', '=', id).execute()), { status: 'stopped', error: /switched off/ })
  const entries = await world.db.selectFrom('history_entries').select('title').where('kind', '=', 'job').execute()
  t.equal(entries.filter(({ title }) => title === 'An export of users was stopped and changed nothing').length, 4, 'the history tells of each')
})

t.test('an operator may have so many exports at once and in an hour', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const ask = () => world.as({ method: 'POST', url: '/users/exports', form: { in: '/users', ...plain, item: 'user_id' } })
  const first = await Promise.all([1, 2, 3, 4, 5].map(ask))
  t.same(first.map(({ statusCode }) => statusCode).sort(), [303, 303, 303, 422, 422], 'many at once do not pass the limit together')
  t.match((await ask()).body, /3 of your exports have not ended yet/)
  await world.runJobs()
  for (let n = 3; n < 20; n++) await order(world, world.as, { item: 'user_id' })
  t.match((await order(world, world.as, { item: 'user_id' })).body, /20 exports within the last hour/)
  await world.db.updateTable('exports').set({ at: new Date(Date.now() - 3_700_000) }).execute()
  t.equal((await order(world, world.as, { item: 'user_id' })).statusCode, 303)
})
