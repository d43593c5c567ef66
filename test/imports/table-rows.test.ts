import fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { upload } from '../sources/upload.ts'
import { openTables, type TableWorld } from './other-table.ts'

const schedule = (form: Record<string, string>) => ({ reading: 'all', changedBy: '', every: '', ...form })

t.test('a table that is read is the same as its CSV export that is imported', { timeout: 280_000 }, async (t) => {
  const app = await openTables(t, 'create table things (id int primary key, word text, note text, amount numeric, share float8, born date, seen timestamptz, local timestamp, raw bytea, doc jsonb)')
  const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('', ' ', '"', '""', 'a,b', 'a\nb', 'a\r\nb', '\r', '\\.', '\\N', 'NULL', '李雷 "x"', '🦀,\n"', "'; drop table things", '\t|;', '=1+1')).filter((value) => !value.includes('\0') && value.isWellFormed())
  // Offsets of earlier times have seconds, which files are not read with.
  const instant = fc.date({ min: new Date('1950-01-01'), max: new Date('9000-01-01'), noInvalidDate: true }).map((at) => at.toISOString())
  const row = fc.record({
    word: fc.option(text), note: fc.option(text), amount: fc.option(fc.constantFrom('0', '-12.50', '1e20', '123456789012345678.123456789')), share: fc.option(fc.constantFrom(0.1, -1e-7, 1e21, 1 / 3)), born: fc.option(instant.map((at) => at.slice(0, 10))), seen: fc.option(instant),
    local: fc.option(instant.map((at) => at.slice(0, 19))), raw: fc.option(fc.uint8Array({ maxLength: 6 }).map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`)), doc: fc.option(text.map((value) => JSON.stringify({ value })))
  })
  const rows = fc.sample(row, { numRuns: 600, seed: 360 })
  await app.other.pool.query('insert into things select n, r.* from jsonb_array_elements($1::jsonb) with ordinality e (j, n), jsonb_to_record(j) r (word text, note text, amount numeric, share float8, born date, seen timestamptz, local timestamp, raw bytea, doc jsonb)', [JSON.stringify(rows)])
  const kinds = { key: '0', k1: 'tag', t1: 'text', k2: 'tag', t2: 'text', k3: 'tag', t3: 'number', k4: 'tag', t4: 'number', k5: 'tag', t5: 'time', k6: 'tag', t6: 'time', k7: 'tag', t7: 'time', k8: 'tag', t8: 'text', k9: 'tag', t9: 'text' }
  await app.importTable('things', { alias: 'By table', ...kinds })

  const client = await app.other.pool.connect()
  // As psql writes it, in another zone than the console reads in.
  await client.query(`set timezone = 'Asia/Kolkata'; set datestyle = 'ISO, DMY'`)
  const { to } = await import('pg-copy-streams')
  const chunks: Buffer[] = []
  for await (const chunk of client.query(to('copy things to stdout (format csv, header)')) as AsyncIterable<Buffer>) chunks.push(chunk)
  client.release(true)
  const file = await upload(app, 'things.csv', Buffer.concat(chunks))
  const names = /name="names" value="([^"]*)"/.exec((await app.as({ url: file })).body)?.[1] ?? ''
  t.equal((await app.as({ method: 'POST', url: `${file}/import`, form: { names, alias: 'By file', ...kinds } })).statusCode, 303)
  await app.runJobs()

  const stored = await Promise.all([1, 2].map(async (id) => {
    const source = await app.db.selectFrom('sources').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    const columns = await app.db.selectFrom('source_columns').select(['id', 'name']).where('source_id', '=', id).where('kind', '<>', 'ignore').orderBy('position').execute()
    const { rows: found } = await app.pool.query(`select source_key, ${columns.map((column) => `c${column.id}::text as "${column.name}"`).join(', ')} from ${source.rows_table} order by source_key::int`)
    return found as Record<string, string | null>[]
  }))
  t.equal(stored[0]?.length, 600, 'no row is rejected')
  t.same(stored[0], stored[1], 'cell by cell')
  t.ok(stored[0]?.some((one) => one['word']?.includes('\n')) && stored[0].some((one) => one['word']?.includes('"')) && stored[0].some((one) => one['word'] === null))

  const again = await app.importNow()
  t.match(again, { rows_read: '600', rows_new: '0', rows_changed: '0' }, 'read again nothing has changed')
})

async function read(app: TableWorld): Promise<string[]> {
  const { rows_table } = await app.db.selectFrom('sources').select('rows_table').where('id', '=', 1).executeTakeFirstOrThrow()
  return (await app.pool.query(`select source_key as key from ${rows_table} order by 1`)).rows.map((row) => row.key as string)
}

t.test('what changed is read from the greatest time of the last run that counts', { timeout: 200_000 }, async (t) => {
  const app = await openTables(t, `create table members (no text primary key, city text, changed timestamptz); insert into members values ('a', 'Ulm', '2026-01-01 10:00:00.123456+00'), ('b', 'Bonn', '2026-01-02 10:00:00.123456+00'), ('c', 'Kiel', null), ('d', 'Jena', '9999-01-01'), ('e', 'Hof', 'infinity')`)
  await app.importTable('members', { alias: 'Members' })
  const save = (form: Record<string, string>) => app.as({ method: 'POST', url: '/settings/sources/1/schedule', form: schedule(form) })
  t.match((await save({ reading: 'changed', changedBy: 'city' })).body, 'This column holds no date or time there')
  t.equal((await save({ reading: 'changed', changedBy: 'changed' })).statusCode, 303)
  t.match((await app.as({ url: '/settings/sources/1' })).body, 'What changed since the last run, by changed')

  const first = await app.importNow()
  t.match(first, { status: 'done', rows_read: '5', mark: { column: 'changed', value: '2026-01-02 10:00:00.123456+00' } }, 'without a mark everything is read; a time that lies ahead is no mark')
  t.match(await app.importNow(), { rows_read: '4', rows_new: '0', rows_changed: '0' }, 'equal ones come again, those without a time and those ahead too')
  await app.other.pool.query(`update members set city = 'Trier', changed = '2026-01-03' where no = 'a'; delete from members where no = 'b'`)
  t.match(await app.importNow(), { rows_read: '4', rows_changed: '1', rows_removed: '0', mark: { value: '2026-01-03 00:00:00+00' } })
  t.same(await read(app), ['a', 'b', 'c', 'd', 'e'], 'what is gone there stays')
  const last = await app.lastRun()
  await app.as({ method: 'POST', url: `/settings/imports/${last.id}/undo` })
  await app.runJobs()
  t.match(await app.importNow(), { rows_changed: '1' }, 'a run that was undone does not count')

  await app.other.pool.query(`alter table members add points int; update members set points = 7`)
  t.match(await app.importNow({ everything: 'on' }), { rows_read: '4', rows_removed: '1' }, 'by hand everything is read, and what is gone goes')
  await app.db.updateTable('source_columns').set({ pending: JSON.stringify({ kind: 'tag', type: 'number', tagName: 'Points' }) }).where('name', '=', 'points').execute()
  await app.db.updateTable('sources').set({ structure_pending: true }).execute()
  t.match(await app.importNow(), { rows_read: '4', rows_changed: '4' }, 'after a change of structure too')
  await app.other.pool.query('alter table members rename changed to altered')
  t.match(await app.importNow(), { status: 'stopped', error: /has no column “changed” any more that tells what changed/ })
})

t.test('rows that are gone there are removed where that is set, but never all of them unseen', async (t) => {
  const app = await openTables(t, `create table members (no text primary key, city text); insert into members select 'm' || n, 'Ulm' from generate_series(1, 10) n`)
  await app.importTable('members', { alias: 'Members' })
  await app.as({ method: 'POST', url: '/settings/sources/1/schedule', form: schedule({ reading: 'whole' }) })
  await app.other.pool.query(`delete from members where no in ('m1', 'm2')`)
  t.match(await app.importNow(), { rows_removed: '2' })
  await app.other.pool.query(`create table kept as table members; delete from members where no <> 'm3'`)
  const { insertOrder } = await import('../../src/imports/order-import.ts')
  await app.db.transaction().execute((trx) => insertOrder(trx, { sourceId: 1, started: 'schedule', operator: null }))
  await app.runJobs()
  t.match(await app.lastRun(), { status: 'stopped', error: /^7 of 8 rows are not in the table any more/ })
  await app.other.pool.query('delete from members')
  t.match(await app.importNow(), { status: 'stopped', error: /^The table has no rows now; 8 would have been removed/ })
  await app.other.pool.query('insert into members table kept limit 1')
  t.match(await app.importNow(), { status: 'done', rows_removed: '7' }, 'by hand it goes, and can be undone')
})

t.test('a lost connection ends the run with words and changes nothing; a cancel ends the statement there', { timeout: 200_000 }, async (t) => {
  const slow = 'create view slow as select n as no, pg_sleep(0.002)::text || repeat(md5(n::text), 40) as filler from generate_series(1, 200000) n'
  const app = await openTables(t, `create table members (no int primary key, filler text); insert into members values (1, 'x'); ${slow}`)
  await app.importTable('members', { alias: 'Members' })
  await app.db.updateTable('source_origins').set({ table_name: 'slow' }).execute()
  const atWork = async () => (await app.other.pool.query<{ pid: number }>(`select pid from pg_stat_activity where usename = $1 and query like 'copy %' and state = 'active'`, [app.other.role])).rows
  const until = async (what: string, found: () => Promise<boolean>) => { for (let turn = 0; !(await found()); turn++) { if (turn > 300) throw new Error(`never: ${what}`); await sleep(100) } }

  const lost = app.importNow()
  await until('the copy is at work', async () => (await atWork()).length === 1)
  await sleep(500)
  await app.other.pool.query('select pg_terminate_backend($1)', [(await atWork())[0]?.pid])
  t.match(await lost, { status: 'stopped', error: 'public.slow in CRM could not be read. The connection to it was lost. Nothing was changed.' })
  t.same(await read(app), ['1'])

  const cancelled = app.importNow()
  await until('the copy is at work', async () => (await atWork()).length === 1)
  const run = await app.lastRun()
  await app.as({ method: 'POST', url: `/settings/imports/${run.id}/cancellation` })
  const start = performance.now()
  t.match(await cancelled, { status: 'cancelled' })
  t.ok(performance.now() - start < 15_000)
  t.same(await atWork(), [], 'nothing goes on there')
  t.same(await read(app), ['1'])

  await app.other.pool.query(`drop view slow; create view slow as select 1 as no, pg_sleep(60)::text as filler; grant select on slow to public`)
  const silent = app.importNow()
  await until('the copy is at work', async () => (await atWork()).length === 1)
  await app.as({ method: 'POST', url: `/settings/imports/${(await app.lastRun()).id}/cancellation` })
  t.match(await silent, { status: 'cancelled' }, 'also while it sends nothing')
  t.same(await atWork(), [])
  await app.other.pool.query('drop view slow')
  t.match(await app.importNow(), { status: 'stopped', error: 'There is no table public.slow in CRM any more. Nothing was changed.' })
})
