import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { build, type TestApp } from '../helper.ts'
import { messageOf, upload } from './upload.ts'

const csv = (rows: string[]) => ['member_no,mobile,name,likes,ltv,last_visit,note', ...rows].join('\n') + '\n'
const members = csv(['M1,13800000001,Lin,tea|hiking,12.5,2026-01-02 10:00:00,x', 'M2,13800000002,Wang,tea|golf,7,2026-01-03 10:00:00,', 'M3,13800000002,Li,,8,2026-01-04 10:00:00,y'])
const selected = (body: string, id: string) => new RegExp(`<select id="${id}"[^]*?<option value="([^"]*)" selected>`).exec(body)?.[1]
const value = (body: string, id: string) => new RegExp(`<input id="${id}"[^>]*value="([^"]*)"`).exec(body)?.[1]

t.test('from a file to a source', async (t) => {
  const app = await build(t)

  await t.test('without sources there is one way on', async (t) => {
    const page = await app.as({ url: '/settings/sources' })
    t.equal(page.statusCode, 200)
    t.match(page.body, /Nothing is imported yet/)
    t.equal(page.body.match(/href="\/settings\/sources\/new"/g)?.length, 1)
  })

  const url = await upload(app, 'shop_members.csv', members)

  await t.test('the columns page is filled in with what was detected', async (t) => {
    const { body } = await app.as({ url })
    t.equal(value(body, 'alias'), 'Shop members')
    t.equal(selected(body, 'key'), '0')
    t.same([1, 2, 3, 4, 5].map((column) => selected(body, `k${column}`)), ['id', 'attribute', 'tag', 'tag', 'tag'])
    t.equal(selected(body, 'i1'), 'MOBILE')
    t.equal(selected(body, 't3'), 'multi')
    t.equal(value(body, 'd3'), '|')
    t.equal(selected(body, 't5'), 'time')
    t.equal(value(body, 'n5'), 'Last visit')
    t.match(body, /bytes, 3 rows, 7 columns/)
    t.match(body, /<li class="pill">tea<\/li><li class="pill">hiking<\/li>/, 'the preview shows the values of a cell')
  })

  await t.test('the preview reads as is chosen, keeps what was typed and marks what cannot be read', async (t) => {
    const page = await app.as({ method: 'POST', url: `${url}/preview`, form: { alias: 'Members', names: names((await app.as({ url })).body), k2: 'tag', t2: 'number', n3: 'Interests', g3: 'Interests > Outdoor', x3: 'What they like' } })
    t.equal(page.statusCode, 200)
    t.match(page.body, /class="cell-number is-wrong"><span class="clip">Lin<\/span>/)
    t.match(messageOf(page), /Line 2 would be rejected: name: “Lin” is not a number\./)
    t.equal(value(page.body, 'alias'), 'Members')
    t.equal(value(page.body, 'n3'), 'Interests')
    t.equal(value(page.body, 'g3'), 'Interests &gt; Outdoor')
    t.equal(value(page.body, 'x3'), 'What they like')
    t.equal(value(page.body, 'n2'), 'Name', 'a tag name is proposed for what was an attribute')
  })

  await t.test('with another delimiter the columns are others and what was said of the old ones is dropped', async (t) => {
    const page = await app.as({ method: 'POST', url: `${url}/preview`, form: { names: names((await app.as({ url })).body), alias: 'Mine', encoding: 'utf-8', delimiter: ';', header: 'on', k0: 'ignore' } })
    t.match(page.body, /1 column<\/p>/)
    t.match(messageOf(page), /The file has a single column/)
    t.equal(value(page.body, 'alias'), 'Mine')
    const back = await app.as({ method: 'POST', url: `${url}/preview`, form: { encoding: 'utf-8', delimiter: ',', header: 'on' } })
    t.match(back.body, /7 columns<\/p>/)
  })

  await t.test('a change of one row answers that row and the preview', async (t) => {
    const { body } = await app.as({ url })
    const part = await app.as({ method: 'POST', url: `${url}/preview`, headers: { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'section#preview', 'hx-source': 'tr#column-4' }, form: { names: names(body), k4: 'id' } })
    t.match(part.body, /<section class="panel" id="preview"/)
    t.match(part.body, /<hx-partial hx-target="#column-4"[^]*id="i4"/)
    t.notMatch(part.body, /id="k5"/)
    t.notMatch(part.body, /<html/)
  })

  await t.test('what is missing or wrong comes back with a message at its field', async (t) => {
    const { body } = await app.as({ url })
    const form = { names: names(body), alias: '', key: '', k0: 'id', i0: '', k4: 'id', i4: 'MOBILE', e4: 'unencrypted', d3: '', z5: 'Moon/Base', g3: 'a > b > c > d' }
    const page = await app.as({ method: 'POST', url: `${url}/import`, form })
    t.equal(page.statusCode, 422)
    for (const message of [/Give the source a name/, /Choose the column that names a row/, /Choose the ID type/, /“mobile” has this ID type and encryption already/, /Type what separates/, /“Moon\/Base” is not a time zone/, /at most 3 levels/, /Put the marked fields right/]) t.match(messageOf(page), message)
    t.match(page.body, /id="i4"[^>]*aria-invalid="true" aria-describedby="i4-error"/)
    t.equal(value(page.body, 'g3'), 'a &gt; b &gt; c &gt; d')
  })

  await t.test('importing makes the source, its groups and a waiting run, all or nothing', async (t) => {
    const { body } = await app.as({ url })
    const response = await app.as({ method: 'POST', url: `${url}/import`, form: { names: names(body), alias: 'Members', key: '0', k0: 'id', i0: 'ONEID', n3: 'Likes', g3: 'Interests > Outdoor', k6: 'ignore' } })
    t.equal(response.statusCode, 303)
    t.equal(response.headers.location, '/settings/imports/1')
    t.match(await app.db.selectFrom('sources').selectAll().executeTakeFirst(), { alias: 'Members', key_column: 'member_no', key_id_type: 'ONEID', file_format: { encoding: 'utf-8', delimiter: ',', header: true } })
    t.same((await app.db.selectFrom('tag_groups').selectAll().orderBy('id').execute()).map((group) => group.name), ['Interests', 'Outdoor'])
    t.match(await app.db.selectFrom('jobs').selectAll().executeTakeFirst(), { kind: 'import', status: 'waiting', payload: { runId: 1 } })
    t.same((await app.db.selectFrom('history_entries').select('kind').orderBy('id').execute()).map((entry) => entry.kind), ['structure', 'import'])
    t.equal((await app.as({ url })).statusCode, 404, 'the upload is used up')
    const run = await app.as({ url: '/settings/imports/1' })
    t.match(run.body, /waiting.*Cancel run/s)
    t.match(run.body, /hx-get="\/settings\/imports\/1"/, 'the page asks again by itself')
  })

  await t.test('a second source of the same name is refused, whatever its case', async (t) => {
    const again = await upload(app, 'again.csv', members)
    const { body } = await app.as({ url: again })
    const page = await app.as({ method: 'POST', url: `${again}/import`, form: { names: names(body), alias: 'MEMBERS', key: '0' } })
    t.equal(page.statusCode, 422)
    t.match(messageOf(page), /There is a source “MEMBERS” already/)
    const discarded = await app.as({ method: 'POST', url: `${again}/discard` })
    t.equal(discarded.headers.location, '/settings/sources')
    t.equal((await app.as({ url: again })).statusCode, 404)
  })

  await t.test('the run ends with its counts and its file is gone', async (t) => {
    await app.runJobs()
    const run = await app.as({ url: '/settings/imports/1' })
    t.match(run.body, /<dt>new rows<\/dt><dd>3<\/dd>/)
    t.match(run.body, /<dt>users joined<\/dt>/)
    t.notMatch(run.body, /hx-get="\/settings\/imports/)
    t.same(await readdir(join(app.dataDir, 'uploads')), [])
    t.match((await app.as({ url: '/settings/sources' })).body, /Members<\/a>[^]*<td class="cell-number">3<\/td>/)
  })

  await t.test('a file for a known source needs no structure; the whole table shows first what would go', async (t) => {
    const known = await upload(app, 'december.csv', csv(['M1,13800000001,Lin,tea,12.5,2026-01-02 10:00:00,x', 'M9,13800000009,New,tea,1,2026-01-02 10:00:00,x']), 1)
    t.match((await app.as({ url: known })).body, /The file is the whole table/)
    const counted = await app.as({ method: 'POST', url: `${known}/import`, form: { whole: 'on' } })
    t.equal(counted.statusCode, 200, 'nothing is queued before the number was shown')
    t.match(messageOf(counted), /2 rows of the source are not in the file and would be removed/)
    t.match(counted.body, /Import and remove 2 rows/)
    const response = await app.as({ method: 'POST', url: `${known}/import`, form: { whole: 'on', removals: '2' } })
    await app.runJobs()
    const run = await app.as({ url: response.headers.location as string })
    t.match(run.body, /<dt>removed<\/dt><dd>2<\/dd>/)
    t.match(run.body, /<dt>new rows<\/dt><dd>1<\/dd>/)
  })

  await t.test('a row that cannot be read is in the file all the same: it is not removed', async (t) => {
    const known = await upload(app, 'january.csv', csv(['M1,13800000001,Lin,tea,much,2026-01-02 10:00:00,x', 'M9,13800000009,New,tea,1,2026-01-02 10:00:00,x', 'M10,13800000010,Late,tea,1,2026-01-02 10:00:00,x']), 1)
    t.match(messageOf(await app.as({ method: 'POST', url: `${known}/import`, form: { whole: 'on' } })), /Every row of the source is in the file: none would be removed/)
    const response = await app.as({ method: 'POST', url: `${known}/import`, form: { whole: 'on', removals: '0' } })
    await app.runJobs()
    const run = await app.as({ url: response.headers.location as string })
    t.match(run.body, /<dt>removed<\/dt><dd>0<\/dd>/)
    t.match(run.body, /<dt>rejected<\/dt><dd>1<\/dd>/)
  })

  await t.test('a file without a column of the source cannot be imported, one with a new column says so', async (t) => {
    const known = await upload(app, 'other.csv', 'member_no,mobile,name,likes,last_visit,note,shoe\nM1,13800000001,Lin,tea,2026-01-02,x,41\n', 1)
    const page = await app.as({ url: known })
    t.match(messageOf(page), /The file has no column “ltv”/)
    t.match(messageOf(page), /New in this file: “shoe”/)
    t.equal((await app.as({ method: 'POST', url: `${known}/import`, form: {} })).statusCode, 422)
  })
})

t.test('a column with a few unreadable cells is proposed by the others; the page shows which rows would go, and the run rejects them', async (t) => {
  const app = await build(t)
  const rows = Array.from({ length: 60 }, (_, index) => [`M${index}`, index === 3 || index === 40 ? 'n/a' : String(index * 2.5), index === 41 ? '2024-02-30' : `2026-01-${String(1 + (index % 28)).padStart(2, '0')}`, `100${String(index).padStart(2, '0')}`].join(','))
  const url = await upload(app, 'points.csv', `key,points,last_visit,shelf_no\n${rows.join('\n')}\n`)
  const page = await app.as({ url })
  t.same([selected(page.body, 't1'), selected(page.body, 't2'), selected(page.body, 't3')], ['number', 'time', 'text'])
  t.match(page.body, /class="cell-number is-wrong"><span class="clip">n\/a<\/span> <span class="visually-hidden">is not a number/)
  t.match(messageOf(page), /Line 5 would be rejected: points: “n\/a” is not a number\.\nFurther down, 2 of 40 rows would be rejected, the first in line 42: points: “n\/a” is not a number\./)
  t.match((await app.as({ method: 'POST', url: `${url}/preview`, form: { names: names(page.body), t1: 'text' } })).body, /Further down, 1 of 40 rows would be rejected, the first in line 43: last_visit: “2024-02-30” is not a date or time\./)
  const response = await app.as({ method: 'POST', url: `${url}/import`, form: { names: names(page.body), alias: 'Points', key: '0' } })
  t.equal(response.statusCode, 303, messageOf(response))
  await app.runJobs()
  const rejected = await app.db.selectFrom('rejected_rows').select(['line', 'detail']).orderBy('line').execute()
  t.same(rejected.map((row) => [row.line, row.detail]), [['5', 'points: “n/a” is not a number'], ['42', 'points: “n/a” is not a number'], ['43', 'last_visit: “2024-02-30” is not a date or time']])
  t.match((await app.as({ url: '/settings/imports/1' })).body, /<dt>new rows<\/dt><dd>57<\/dd>/)
})

function names(body: string): string {
  return /name="names" value="([^"]*)"/.exec(body)?.[1] ?? ''
}

export type { TestApp }
