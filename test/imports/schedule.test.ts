import t from 'tap'
import { starters } from '../../src/starters.ts'
import { circleOf } from '../../src/imports/circle.ts'
import { orderImport } from '../../src/imports/order-import.ts'
import { insertJob } from '../../src/jobs/queries.ts'
import { startDue } from '../../src/schedules/keep-schedules.ts'
import { getSchedule } from '../../src/schedules/queries.ts'
import type { Schedule } from '../../src/schedules/schedule.ts'
import { makeRole, signInWith } from '../role.ts'
import { messageOf } from '../sources/upload.ts'
import { openTables, type TableWorld } from './other-table.ts'

const queue = { enqueue: insertJob, wake: async () => {}, stop: async () => {} }
const log = { error(data: object, text: string) { throw new Error(`${text}: ${JSON.stringify(data)}`) } }
const daily = { reading: 'all', changedBy: '', every: 'day', at: '06:00', timeZone: 'Asia/Shanghai' }
const save = (app: TableWorld, id: number, form: Record<string, string>) => app.as({ method: 'POST', url: `/settings/sources/${id}/schedule`, form })
const dueAt = (app: TableWorld, at: Date) => startDue({ db: app.db, queue, starters, log }, at)
const alerts = (app: TableWorld) => app.db.selectFrom('alerts').select(['subject', 'message', 'href', 'times', 'ended_at']).orderBy('id').execute()

t.test('a schedule imports; what fails is told until it works again', { timeout: 200_000 }, async (t) => {
  const app = await openTables(t, `create table members (no text primary key, city text); insert into members values ('a', 'Ulm')`)
  await app.importTable('members', { alias: 'Members' })
  t.equal((await save(app, 1, daily)).statusCode, 303)
  const kept = await getSchedule(app.db, { kind: 'import', subjectId: 1 })
  t.same(kept?.schedule, { every: 'day', at: '06:00', timeZone: 'Asia/Shanghai', start: null, end: null })
  t.match((await app.as({ url: '/settings/sources/1' })).body, 'Every day at 06:00 (Asia/Shanghai)')

  const next = kept?.nextAt as Date
  t.same(await dueAt(app, new Date(next.getTime() - 1000)), [])
  // The console stood still for three days: once, not three times.
  const later = new Date(next.getTime() + 3 * 86_400_000 + 1000)
  t.equal((await dueAt(app, later)).length, 1)
  t.same(await dueAt(app, later), [])
  t.match(await app.lastRun(), { status: 'waiting', started: 'schedule' })
  t.equal((await dueAt(app, new Date(later.getTime() + 86_400_000))).length, 0, 'while that is under way no other begins')
  await app.runJobs()
  t.match(await app.lastRun(), { status: 'done', rows_read: '1' })
  t.same(await alerts(app), [])

  await app.other.pool.query('alter table members rename to people')
  for (const days of [2, 3]) {
    t.equal((await dueAt(app, new Date(later.getTime() + days * 86_400_000))).length, 1)
    await app.runJobs()
  }
  t.match(await alerts(app), [{ subject: 'import:1', message: 'The import of Members was stopped: There is no table public.members in CRM any more. Nothing was changed.', href: '/settings/sources/1', times: 2, ended_at: null }])
  t.match((await app.as({ url: '/users' })).body, 'There is no table public.members in CRM any more', 'a banner tells it')
  await app.other.pool.query('alter table people rename to members')
  await dueAt(app, new Date(later.getTime() + 5 * 86_400_000))
  await app.runJobs()
  t.match(await alerts(app), [{ subject: 'import:1', ended_at: Date }], 'the next success ends it')
})

t.test('a run killed in the middle is taken up again, from its mark', async (t) => {
  const app = await openTables(t, `create table members (no text primary key, changed timestamptz default '2026-01-01'); insert into members values ('a')`)
  await app.importTable('members', { alias: 'Members' })
  await save(app, 1, { ...daily, reading: 'changed', changedBy: 'changed' })
  await app.importNow()
  await app.other.pool.query(`insert into members values ('b', '2026-01-05')`)
  const { jobId } = await orderImport({ db: app.db, queue }, { sourceId: 1, started: 'api', operator: null })
  await app.db.updateTable('jobs').set({ status: 'running', started_at: new Date() }).where('id', '=', jobId).execute()
  const { recoverJobs } = await import('../../src/jobs/queries.ts')
  t.same(await recoverJobs(app.db), [jobId])
  await app.runJobs()
  t.match(await app.lastRun(), { status: 'done', started: 'api', rows_new: '1', mark: { value: '2026-01-05 00:00:00+00' } })
})

t.test('a source is read after another; a circle is refused', async (t) => {
  const app = await openTables(t, ['a', 'b', 'c'].map((name) => `create table ${name} (no text primary key); insert into ${name} values ('x')`).join(';'))
  for (const name of ['a', 'b', 'c']) await app.importTable(name, { alias: `Source ${name}`, key: '0', k0: 'tag', t0: 'text' })
  const after = (id: number) => ({ ...daily, every: 'import', after: String(id) })
  t.match(messageOf(await save(app, 2, { ...after(1), after: '' })), 'Choose a source from the list')
  t.match(messageOf(await save(app, 2, after(2))), 'Choose a source from the list', 'after itself is no choice')
  t.equal((await save(app, 2, after(1))).statusCode, 303)
  t.equal((await save(app, 3, after(2))).statusCode, 303)
  const refused = await save(app, 1, after(3))
  t.equal(refused.statusCode, 422)
  t.match(messageOf(refused), 'They would start one another without end: Source a, after Source c, after Source b, after Source a.')

  await orderImport({ db: app.db, queue }, { sourceId: 1, started: 'hand', operator: null })
  await app.runJobs()
  for (const expected of [2, 3]) {
    t.equal((await dueAt(app, new Date(Date.now() + 1000))).length, 1)
    await app.runJobs()
    t.match(await app.lastRun(), { source_id: expected, status: 'done', started: 'schedule' })
  }
  t.match((await app.as({ url: '/settings/runs' })).body, /Source b<\/a><\/th><td>After every import of Source a<\/td><td>after that/)
  await app.as({ method: 'POST', url: '/settings/sources/1/removal', form: { alias: 'Source a' } })
  await app.runJobs()
  t.match((await app.as({ url: '/settings/runs' })).body, 'never: that source was removed')
  await app.as({ method: 'POST', url: '/settings/sources/2/removal', form: { alias: 'Source b' } })
  await app.runJobs()
  t.equal(await getSchedule(app.db, { kind: 'import', subjectId: 2 }), undefined, 'with a source its schedule goes')
})

t.test('circles', async (t) => {
  const waits = (pairs: [number, number][]) => new Map(pairs.map(([id, sourceId]) => [id, { schedule: { every: 'import', sourceId, timeZone: 'UTC', start: null, end: null } satisfies Schedule }]))
  t.same(circleOf(1, 2, waits([[2, 3]])), [])
  t.same(circleOf(1, 2, waits([[2, 3], [3, 1]])), [1, 2, 3, 1])
  t.same(circleOf(1, 2, waits([[2, 3], [3, 2]])), [], 'one of others is not walked for ever')
})

t.test('of two that order an import at the same time one gets it', async (t) => {
  const app = await openTables(t, `create table members (no text primary key, city text); insert into members values ('a', 'Ulm')`)
  await app.importTable('members', { alias: 'Members' })
  const both = await Promise.allSettled([1, 2].map(() => orderImport({ db: app.db, queue }, { sourceId: 1, started: 'hand', operator: null })))
  t.same(both.map((one) => one.status).toSorted(), ['fulfilled', 'rejected'])
  const answer = await app.as({ method: 'POST', url: '/settings/sources/1/runs' })
  t.equal(answer.statusCode, 409)
  t.match(answer.body, /Run 2 of Members is under way/)
  t.notMatch((await app.as({ url: '/settings/sources/1' })).body, 'id="import-now"')
})

t.test('the page of all runs is narrowed by source, state and how they were started', async (t) => {
  const app = await openTables(t, `create table members (no text primary key, city text); insert into members values ('a', 'Ulm')`)
  await app.importTable('members', { alias: 'Members' })
  await save(app, 1, daily)
  await app.other.pool.query('revoke select on members from public')
  t.match(await app.importNow(), { status: 'stopped', error: /may not read all of public.members in CRM\. .*GRANT SELECT ON "public"."members" TO/ })
  await app.db.updateTable('import_runs').set({ started: 'schedule' }).where('id', '=', 2).execute()
  const runs = async (query: string) => [...(await app.as({ url: `/settings/runs${query}` })).body.matchAll(/>Run (\d+)<\/a><\/th>/g)].map((match) => Number(match[1]))
  t.same(await runs(''), [2, 1])
  t.same(await runs('?state=stopped'), [2])
  t.same(await runs('?started=hand'), [1])
  t.same(await runs('?source=1&state=done&started=hand'), [1])
  t.same(await runs('?source=7'), [])
  t.same(await runs('?state=nonsense&started=x&source=x&before=x'), [2, 1])
  t.same(await runs('?before=2'), [1])
  const { rows: [row] } = await app.pool.query('select * from import_runs where id = 1')
  for (let id = 3; id <= 60; id++) await app.db.insertInto('import_runs').values({ source_id: 1, job_id: row.job_id, file_name: 'members' }).execute()
  const first = await runs('?started=hand')
  const next = /rel="next" href="([^"]+)"/.exec((await app.as({ url: '/settings/runs?started=hand' })).body)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const second = [...(await app.as({ url: next })).body.matchAll(/>Run (\d+)<\/a><\/th>/g)].map((match) => Number(match[1]))
  t.equal(first.length, 50)
  t.same([...first, ...second], [...new Set([...first, ...second])], 'none twice')
  t.equal(second.at(-1), 1)
  const { as } = await signInWith(app, await makeRole(app, { permissions: ['sources'] }))
  t.equal((await as({ url: '/settings/runs' })).statusCode, 403)
})
