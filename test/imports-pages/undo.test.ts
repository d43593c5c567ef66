import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { getCatalog } from '../../src/catalog/queries.ts'
import { targetOf } from '../../src/catalog/target.ts'
import { decide } from '../../src/overrides/decide.ts'
import { importFile } from '../../src/imports/import-file.ts'
import { build, type TestApp } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'

const members: SeedStructure = {
  alias: 'Members', key: { column: 'no', idType: 'ONEID' },
  columns: [{ name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }, { name: 'note', kind: 'tag', type: 'text' }]
}
const run = (app: TestApp, rows: string[], whole = false) => seed(app, members, ['no,name,note', ...rows].join('\n'), { whole })
const operator = { id: 1, name: 'Lin Yating' }

/** Sets the note of a user until the next import. */
async function tag({ db }: TestApp, user: string, value: string): Promise<void> {
  const catalog = await getCatalog(db)
  const note = catalog.sources[0]!.columns.find((column) => column.name === 'note')!
  await decide(db, catalog, 'UTC', [user], [{ target: targetOf(catalog, `tag:${note.id}`)!, change: { mode: 'set', value }, policy: 'until_import', always: true }], { kind: 'tag', title: 'Tag note', operator })
}

async function names({ db, pool }: TestApp): Promise<[string, string | null][]> {
  const { usersTable } = await getCatalog(db)
  return (await pool.query(`select user_id, a1 as name from ${usersTable} order by 1`)).rows.map((row) => [row.user_id, row.name])
}

t.test('the last run of a source is undone from its page, which says first what goes', async (t) => {
  const app = await build(t)
  await run(app, ['A1,Ann,x', 'A2,Bob,x'])
  await tag(app, '1', 'by hand')
  await run(app, ['A1,Anna,y', 'A3,Cid,y'], true)
  const page = await app.as({ url: '/settings/imports/2' })
  t.match(page.body, /href="\/settings\/imports\/2\/undo"/)
  t.match(page.body, /<b>1<\/b> hand-set value ended by its policy/)
  t.notMatch((await app.as({ url: '/settings/imports/1' })).body, '/undo"', 'the run before it offers nothing')

  const asked = await app.as({ url: '/settings/imports/2/undo' })
  for (const figure of ['new row goes</dt><dd>1<', 'row changes back</dt><dd>1<', 'removed row returns</dt><dd>1<', 'user came with it</dt><dd>1<', 'hand-set value returns</dt><dd>1<']) t.match(asked.body, figure)
  t.same(await names(app), [['1', 'Anna'], ['3', 'Cid']], 'looking changes nothing')

  const ordered = await app.as({ method: 'POST', url: '/settings/imports/2/undo' })
  t.match(ordered.headers.location, /^\/settings\/jobs\/\d+$/)
  t.equal((await app.as({ method: 'POST', url: '/settings/imports/2/undo' })).headers.location, ordered.headers.location, 'ordered twice it is one undo')
  t.equal((await app.as({ url: '/settings/imports/2/undo' })).headers.location, ordered.headers.location)
  const waiting = await app.as({ url: '/settings/imports/2' })
  t.match(waiting.body, 'This run is being undone.')
  t.match(waiting.body, /hx-trigger="load delay:1s"/)

  await app.runJobs()
  const result = await app.as({ url: String(ordered.headers.location) })
  for (const figure of ['rows removed</dt><dd>1<', 'rows changed back</dt><dd>1<', 'rows that came back</dt><dd>1<', 'hand-set values returned</dt><dd>1<', 'users gone</dt><dd>1<']) t.match(result.body, figure)
  t.match(result.body, /href="\/settings\/imports\/2"/, 'back to the run')
  t.same(await names(app), [['1', 'Ann'], ['2', 'Bob']])
  const after = await app.as({ url: '/settings/imports/2' })
  t.match(after.body, /pill-warn">undone/)
  t.match(after.body, /It was undone on [\d-]+ [\d:]+ by Lin Yating\./)
  t.notMatch(after.body, 'hx-trigger="load')
  t.match((await app.as({ url: '/settings/sources' })).body, /pill-warn">undone/)
  t.match((await app.as({ url: '/users/3' })).body, 'the import that had brought it was undone')
  const [entry] = (await app.pool.query(`select * from history_entries where kind = 'undo' and undoes is not null`)).rows
  t.match(entry, { operator_name: 'Lin Yating', run_id: 2, source_id: 1, title: 'Undo of run 2 of Members: 1 rows removed, 1 changed back, 1 came back' })
  t.match((await app.pool.query('select undone_by from history_entries where id = $1', [entry.undoes])).rows, [{ undone_by: entry.id }], 'the entry of the import says that it was undone')

  await run(app, ['A1,Anna,y', 'A3,Cid,y'])
  t.same(await names(app), [['1', 'Anna'], ['2', 'Bob'], ['3', 'Cid']], 'the same file can be imported again, and its rows have the numbers they had')
})

t.test('what cannot be undone says why, on the page and to whoever asks all the same', async (t) => {
  const app = await build(t)
  const refused = async (runId: number, why: RegExp) => {
    const page = await app.as({ url: `/settings/imports/${runId}/undo` })
    t.equal(page.statusCode, 200)
    t.match(page.body, why)
    t.notMatch(page.body, 'id="undo-form"')
    const posted = await app.as({ method: 'POST', url: `/settings/imports/${runId}/undo` })
    t.equal(posted.statusCode, 409)
    t.match(posted.body, why)
  }
  const setJob = (status: string) => app.pool.query('update jobs set status = $1 where id = (select job_id from import_runs order by id desc limit 1)', [status])
  await run(app, ['A1,Ann,x', 'A2,Bob,x'])
  await run(app, ['A1,Anna,y'])
  await refused(1, /Only the last run of a source can be undone, and run 2 came after this one/)
  for (const status of ['running', 'failed', 'cancelled', 'stopped']) {
    await run(app, ['A9,Zoe,z']).catch(() => {})
    await setJob(status)
    const last = Number((await app.pool.query('select max(id) as id from import_runs')).rows[0].id)
    await refused(last, status === 'running' ? /changed nothing, so there is nothing to undo/ : /changed nothing/)
    await app.pool.query('delete from import_runs where id = $1', [last])
  }
  t.equal((await app.as({ url: '/settings/imports/999/undo' })).statusCode, 404)
  t.equal((await app.as({ url: '/settings/imports/x/undo' })).statusCode, 400)
})

t.test('a structure that was changed, a run at work and a removed source stand against an undo', async (t) => {
  const app = await build(t)
  const says = async (runId: number) => /notice-warn"[^]*?<p>([^<]*)/.exec((await app.as({ url: `/settings/imports/${runId}/undo` })).body)?.[1]
  await run(app, ['A1,Ann,x', 'A2,Bob,x'])
  t.equal(await says(1), undefined)
  const setPending = (pending: object | null) => app.db.updateTable('source_columns').set({ pending: pending && JSON.stringify(pending) }).where('name', '=', 'note').execute()
  await setPending({ name: 'note', kind: 'ignore', type: 'text' })
  t.match(await says(1), /The structure of Members was changed since/)
  await setPending(null)
  t.equal(await says(1), undefined, 'taken back, it does not stand against it any more')

  const { job_id: job } = await app.db.selectFrom('import_runs').select('job_id').executeTakeFirstOrThrow()
  const waiting = await app.db.insertInto('jobs').values({ kind: 'import', title: 'x', payload: '{}' }).returning('id').executeTakeFirstOrThrow()
  await app.db.insertInto('import_runs').values({ source_id: 1, job_id: waiting.id, file_name: 'x.csv' }).execute()
  t.match(await says(1), /Run 2 of this source waits or is at work/)
  await app.pool.query('delete from import_runs where job_id <> $1', [job])
  await app.pool.query('delete from jobs where id = $1', [waiting.id])

  await setPending({ name: 'note', kind: 'tag', type: 'text', emptyValues: ['x'] })
  await run(app, ['A1,Ann,x', 'A2,Bob,x'])
  t.match(await says(3), /Run 3 applied a changed structure/)
  await app.db.updateTable('sources').set({ removing: true }).execute()
  t.match(await says(3), /is removed or being removed/)
})

t.test('an undo that became impossible while it waited changes nothing and says so', async (t) => {
  const app = await build(t)
  await run(app, ['A1,Ann,x'])
  const ordered = await app.as({ method: 'POST', url: '/settings/imports/1/undo' })
  await run(app, ['A1,Anna,x'])
  await app.runJobs()
  t.match((await app.as({ url: String(ordered.headers.location) })).body, /pill-bad">stopped[^]*run 2 came after this one/)
  t.same(await names(app), [['1', 'Anna']])
  const cancelled = await app.as({ method: 'POST', url: '/settings/imports/2/undo' })
  await app.as({ method: 'POST', url: `${String(cancelled.headers.location)}/cancellation` })
  await app.runJobs()
  t.same(await names(app), [['1', 'Anna']])
  t.match((await app.as({ url: '/settings/imports/2' })).body, '/settings/imports/2/undo', 'and can be ordered again')
})

t.test('undo of a first run leaves the source with nothing imported, and its rows find their numbers again', async (t) => {
  const app = await build(t)
  await run(app, ['A1,Ann,x', 'A2,Bob,x'])
  await seed(app, { ...members, alias: 'Others', key: { column: 'no' } }, 'no,name,note\nA1,Other,')
  await tag(app, '2', 'by hand')
  const asked = await app.as({ url: '/settings/imports/1/undo' })
  t.match(asked.body, 'all rows of Members go')
  t.match(asked.body, '1 hand-set value belongs to a row that goes')
  await app.as({ method: 'POST', url: '/settings/imports/1/undo' })
  await app.runJobs()
  t.match((await app.as({ url: '/settings/sources/1' })).body, 'source, nothing imported yet')
  t.same(await names(app), [['3', 'Other']], 'the row that shared an identity with a row that is gone')
  t.equal((await app.as({ url: '/users' })).statusCode, 200)
  await run(app, ['A0,New,', 'A2,Bob,', 'A1,Ann,x'])
  t.same(await names(app), [['1', 'Ann'], ['2', 'Bob'], ['4', 'New']])
  const catalog = await getCatalog(app.db)
  const note = catalog.sources[0]!.columns.find((column) => column.name === 'note')!
  t.same((await app.pool.query(`select ${note.column} as note from ${catalog.sources[0]!.valuesTable} where user_id = 2`)).rows, [{ note: 'by hand' }], 'the value set by hand is back with its row')
})

t.test('a source whose first run was undone keeps its key, which numbers were given to', async (t) => {
  const app = await build(t)
  await run(app, ['A1,Ann,x'])
  await app.as({ method: 'POST', url: '/settings/imports/1/undo' })
  await app.runJobs()
  const path = join(await mkdtemp(join(tmpdir(), 'u360-undo-')), 'members.csv')
  await writeFile(path, 'no,name,note\nA2,Ann,x\n')
  const workplace = { pool: app.pool, dataDir: app.dataDir, aesKey: null, timeZone: 'UTC', log: { info() {}, error() {} } }
  t.match(await importFile(workplace, { source: 'Members', path, structure: { key: { column: 'name' } } as never }), { status: 'done', new: 1 })
  t.match(await app.db.selectFrom('sources').select('key_column').execute(), [{ key_column: 'no' }])
  t.same(await names(app), [['2', 'Ann']], 'a new key has a new number')
})
