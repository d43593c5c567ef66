import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { connect, openOther } from '../connections/other.ts'
import { build, type TestApp } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { messageOf } from './upload.ts'

const unescaped = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&#39;', "'")
const grantsIn = (body: string) => unescaped(/id="grants"[^>]*><code>([^]*?)<\/code>/.exec(body)?.[1] ?? '')

async function importTable(app: TestApp, from: string, ref: { schema: string; table: string }, form: Record<string, string>): Promise<string> {
  const url = String((await app.as({ method: 'POST', url: from, form: ref })).headers.location)
  const names = /name="names" value="([^"]*)"/.exec((await app.as({ url })).body)?.[1] ?? ''
  return String((await app.as({ method: 'POST', url: `${url}/import`, form: { names, ...form } })).headers.location)
}

t.test('a table of another database becomes a source as a file does', async (t) => {
  const app = await build(t)
  const other = await openOther(t)
  await other.pool.query(`create schema "Shop ""One"""; create table "Shop ""One""".members (id int primary key, mobile text, city text, joined timestamptz, secret text);
    insert into "Shop ""One""".members select n, '1380000' || lpad(n::text, 4, '0'), 'City ' || n % 3, '2026-01-01 10:00+00'::timestamptz + n * interval '1 day', 'hidden' from generate_series(1, 30) n; analyze`)
  const from = `/settings/sources/from/${await connect(app, other)}`
  const ref = { schema: 'Shop "One"', table: 'members' }

  const list = await app.as({ url: from })
  t.match(unescaped(list.body), 'Shop "One".members')
  t.match(list.body, 'no right to read yet')
  t.match((await app.as({ url: `${from}?q=nothing` })).body, 'No table or view has this in its name')

  const refused = await app.as({ method: 'POST', url: from, form: ref })
  t.equal(refused.statusCode, 422)
  const quoted = `"${other.role.replaceAll('"', '""')}"`
  t.equal(grantsIn(refused.body), `GRANT USAGE ON SCHEMA "Shop ""One""" TO ${quoted};\nGRANT SELECT ON "Shop ""One"""."members" TO ${quoted};`)
  await other.pool.query(grantsIn(refused.body))
  t.notMatch((await app.as({ url: from })).body, 'no right to read yet', 'the statements are all it takes')

  const url = String((await app.as({ method: 'POST', url: from, form: ref })).headers.location)
  const page = await app.as({ url })
  t.match(page.body, /table in CRM, (about )?30 rows, 5 columns/)
  t.notMatch(page.body, 'name="encoding"', 'a table has no encoding')
  t.equal((page.body.match(/<tr[^>]*>(?=[^]*?<\/tr>)/g) ?? []).length > 20, true)
  t.match(page.body, /<option value="0" selected>id<\/option>/, 'its primary key is proposed')
  t.match(page.body, /2026-01-0\d 1\d:00/, 'times are read')

  const run = await importTable(app, from, ref, { alias: 'Members' })
  await app.runJobs()
  t.match(await app.db.selectFrom('import_runs').selectAll().executeTakeFirstOrThrow(), { rows_new: '30', rows_rejected: '0', started: 'hand', file_name: 'Shop "One".members' })
  t.match(unescaped((await app.as({ url: run })).body), 'Shop "One".members, by Lin Yating')
  t.same(await readdir(join(app.dataDir, 'uploads')).then((names) => names.length), 1, 'the sample that was imported is gone, the one that was only looked at waits')
  t.match((await app.as({ url: from })).body, /href="\/settings\/sources\/1">Members/, 'a table is one source')
  const again = await importTable(app, from, ref, { alias: 'Other' })
  t.equal(again, 'undefined', 'and no second one')
})

t.test('a role that may read some columns imports those, and is told how to get another', async (t) => {
  const app = await build(t)
  const other = await openOther(t)
  await other.pool.query(`create table members (id int primary key, city text, salary int); insert into members values (1, 'Ulm', 5), (2, 'Bonn', 6); grant select (id, city) on members to "${other.role.replaceAll('"', '""')}"`)
  const from = `/settings/sources/from/${await connect(app, other)}`
  await importTable(app, from, { schema: 'public', table: 'members' }, { alias: 'Members' })
  await app.runJobs()
  t.match(await app.db.selectFrom('import_runs').selectAll().executeTakeFirstOrThrow(), { rows_new: '2' })
  t.same(await app.db.selectFrom('source_columns').select(['name', 'kind']).orderBy('position').execute().then((rows) => rows.map((row) => row.name)), ['id', 'city', 'salary'], 'a column that cannot be read is known by name')
  await app.db.updateTable('source_columns').set({ pending: JSON.stringify({ kind: 'tag', type: 'number', tagName: 'Salary' }) }).where('name', '=', 'salary').execute()
  await app.as({ method: 'POST', url: '/settings/sources/1/runs' })
  await app.runJobs()
  const { error } = await app.db.selectFrom('jobs').select('error').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
  t.match(error, `GRANT SELECT ("salary") ON "public"."members" TO "${other.role.replaceAll('"', '""')}";`)
})

t.test('what is found in another database is shown to who may connect and make sources', async (t) => {
  const app = await build(t)
  const other = await openOther(t)
  await other.pool.query(`create table members (id int primary key, city text); insert into members values (1, 'Ulm'); grant select on members to public`)
  const from = `/settings/sources/from/${await connect(app, other)}`
  const { as } = await signInWith(app, await makeRole(app, { permissions: ['connections', 'imports'] }))
  t.equal((await as({ url: from })).statusCode, 403)
  t.equal((await as({ method: 'POST', url: from, form: { schema: 'public', table: 'members' } })).statusCode, 403)
  const maker = await signInWith(app, await makeRole(app, { permissions: ['connections', 'imports', 'sources'] }))
  const sample = String((await maker.as({ method: 'POST', url: from, form: { schema: 'public', table: 'members' } })).headers.location)
  t.equal((await maker.as({ url: sample })).statusCode, 200)
  t.equal((await as({ url: sample })).statusCode, 404, 'a sample is for who took it')
  t.match(messageOf(await maker.as({ method: 'POST', url: from, form: { schema: 'public', table: 'gone' } })), 'There is no table public.gone any more')
  t.match(await readFile(join(app.dataDir, 'uploads', `${sample.split('/').pop()}.csv`), 'utf8'), 'id,city\n1,Ulm\n')
})
