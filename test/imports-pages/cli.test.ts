import { execFile } from 'node:child_process'
import { mkdtemp, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openTestDatabase } from '../helper.ts'

t.test('the import command', async (t) => {
  const { db, pool, url } = await openTestDatabase(t)
  const folder = await mkdtemp(join(tmpdir(), 'u360-cli-'))
  const put = async (name: string, text: string) => { await writeFile(join(folder, name), text); return join(folder, name) }
  const run = (...args: string[]) => new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, ['src/imports/cli.ts', ...args], { cwd: join(import.meta.dirname, '../..'), env: { ...process.env, DATABASE_URL: url, DATA_DIR: folder, TZ: 'Asia/Shanghai', NODE_NO_WARNINGS: '1' } },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }))
  })
  const members = await put('members.csv', 'nr,mail,joined,likes,x\nA1,a@example.com,03/04/2024,tea|golf,1\nA2,b@example.com,05/06/2024,tea,2\nA3,c@example.com,07/08/2024,,3\n')
  const columns = [{ column: 'mail', kind: 'id', idType: 'EMAIL', encryption: 'unencrypted' }, { column: 'joined', kind: 'tag', type: 'time', format: 'DMY', name: 'Joined' }, { column: 'likes', kind: 'tag', type: 'multi', delimiter: '|', name: 'Likes', group: ['Interests'] }, { column: 'x', kind: 'ignore' }]
  const structure = await put('members.json', JSON.stringify({ alias: 'Members', key: { column: 'nr', idType: 'ONEID' }, columns }))

  await t.test('says how it is used', async (t) => {
    t.match(await run(), { code: 2, err: /--source is missing[^]*Usage: npm run import/ })
    t.match(await run('--source', 'Members'), { code: 2, err: /The file is missing/ })
    t.match(await run('--source', 'Members', '--hole', 'x.csv'), { code: 2, err: /hole/ })
    t.match(await run('--source', 'Members', 'not-there.csv'), { code: 1, err: /There is no file not-there\.csv/ })
  })

  await t.test('never guesses the order of a date', async (t) => {
    const answer = await run('--source', 'Members', members)
    t.equal(answer.code, 1)
    t.match(answer.err, /Column “joined”: Choose the order of day and month[^]*Write "format": "DMY"/)
    t.same(await db.selectFrom('sources').selectAll().execute(), [], 'nothing is left behind')
  })

  await t.test('imports with a structure file and prints the counts', async (t) => {
    const answer = await run('--source', 'Members', '--structure', structure, members)
    t.equal(answer.err.includes('Error'), false, answer.err)
    t.equal(answer.code, 0)
    t.match(answer.out, /Imported members\.csv into Members \(run 1, in [\d.]+ s\)\.\nRows: 3 new, 0 changed, 0 unchanged, 0 rejected\.\nUsers: 3 new, 0 joined\./)
    t.match(answer.err, /Read file/, 'progress goes to the other stream')
    t.match(await db.selectFrom('source_columns').selectAll().where('name', '=', 'joined').executeTakeFirst(), { kind: 'tag', type: 'time', format: 'DMY' })
    t.ok(await stat(members), 'the file stays')
    t.match(await db.selectFrom('jobs').selectAll().where('kind', '=', 'import').executeTakeFirst(), { origin: 'command', status: 'done' })
    const { rows: told } = await pool.query(`select name, data from pgboss.job`)
    const count = await db.selectFrom('jobs').select('id').where('kind', '=', 'statistics').executeTakeFirstOrThrow()
    t.same(told, [{ name: 'reading', data: { jobId: count.id } }], 'a console at work is told to count the values')
  })

  await t.test('needs no structure for a known source, and finds unchanged rows', async (t) => {
    const more = await put('more.csv', 'nr,mail,joined,likes,x\nA1,a@example.com,03/04/2024,tea|golf,1\nA2,b@example.com,05/06/2024,coffee,2\nA4,d@example.com,07/08/2024,,3\n')
    t.match(await run('--source', 'members', more), { code: 0, out: /Rows: 1 new, 1 changed, 1 unchanged, 0 rejected/ })
    t.match(await run('--source', 'members', '--whole', more), { code: 0, out: /Rows: 0 new, 0 changed, 3 unchanged, 0 rejected, 1 removed/ })
  })

  await t.test('ends with a failure where the run stops, and says why', async (t) => {
    const bad = await put('bad.csv', 'nr,mail,joined,likes,x\nA1,a@example.com,soon,tea,1\nA2,b@example.com,later,tea,2\n')
    t.match(await run('--source', 'Members', bad), { code: 1, out: '', err: /2 of 2 rows would have been rejected[^]*The rejected rows with their reasons/ })
    const other = await put('other.csv', 'nr,mail\nA1,a@example.com\n')
    t.match(await run('--source', 'Members', other), { code: 1, err: /The file has no column/ })
    t.match(await run('--source', 'Empty', await put('empty.csv', '')), { code: 1, err: /empty\.csv: The file is empty/ })
  })

  await t.test('tells every mistake of a structure file', async (t) => {
    t.match(await run('--source', 'New', '--structure', await put('bad.json', '{"key": {"column": "nr"}, "columns": [{"column": "mail"}, {"column": "y", "kind": "tag"}], "colour": 1}'), members), { code: 1, err: /“colour” is not known[^]*"kind" is missing/ })
    t.match(await run('--source', 'New', '--structure', await put('off.json', '{"alias": "Old", "key": {"column": "no"}}'), members), { code: 1, err: /“no”, which the file does not have[^]*for the source “Old”/ })
    t.match(await run('--source', 'New', '--structure', 'nowhere.json', members), { code: 1, err: /nowhere\.json cannot be read/ })
  })

  await t.test('a structure can be mended as long as no run has filled the source', async (t) => {
    const wrong = await put('wrong.json', JSON.stringify({ key: { column: 'nr' }, columns: [{ column: 'mail', kind: 'tag', type: 'number' }, { column: 'joined', kind: 'ignore' }] }))
    t.match(await run('--source', 'Mended', '--structure', wrong, members), { code: 1, err: /3 of 3 rows/ })
    t.match(await run('--source', 'Mended', '--structure', await put('right.json', JSON.stringify({ key: { column: 'nr' }, columns })), members), { code: 0, out: /3 new/ })
  })
})
