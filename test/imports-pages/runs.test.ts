import t from 'tap'
import { build } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'
import { messageOf, upload } from '../sources/upload.ts'

const rows = (count: number) => Array.from({ length: count }, (_, index) => `K${index},1380000${String(index).padStart(4, '0')},${index}`)

t.test('the page of a run', async (t) => {
  const app = await build(t)
  const csv = (lines: string[]) => ['key_no,mobile,points', ...lines].join('\n')
  const importNew = async (lines: string[]) => {
    const url = await upload(app, 'people.csv', csv(lines))
    const names = /name="names" value="([^"]*)"/.exec((await app.as({ url })).body)?.[1] ?? ''
    return (await app.as({ method: 'POST', url: `${url}/import`, form: { names, alias: 'People', key: '0', t2: 'number' } })).headers.location as string
  }
  const importKnown = async (lines: string[]) => {
    const url = await upload(app, 'people.csv', csv(lines), 1)
    return (await app.as({ method: 'POST', url: `${url}/import`, form: {} })).headers.location as string
  }
  const setJob = (values: Record<string, unknown>) => app.db.updateTable('jobs').set(values).where('status', 'in', ['waiting', 'running']).execute()

  await t.test('while it works it shows stage, rows, percent and the time left, and asks again', async (t) => {
    const url = await importNew([...rows(20), 'K3,13900000000,7', ',13900000001,8', 'K99,13900000002,many', 'K98,1'])
    await setJob({ status: 'running', stage: 'Compare and store', done: '746677', total: '1204318', started_at: new Date(Date.now() - 60_000) })
    const { body } = await app.as({ url })
    t.match(body, /<li class="is-done">Check rows<\/li>\s*<li aria-current="step">Compare and store<\/li>/)
    t.match(body, /<progress max="1204318" value="746677"/)
    t.match(body, /<strong>61%<\/strong>/)
    t.match(body, /746,677 of 1,204,318 rows/)
    t.match(body, /about 40 seconds left/)
    t.match(body, /hx-get="\/settings\/imports\/1"[^>]*hx-trigger="load delay:1s"/)
    const part = await app.as({ url, headers: { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'div#runs' } })
    t.match(part.body, /^<div class="stack" id="runs"/)
    t.match(part.body, /hx-target="#job-signal"[^]*Import 61%/)
    await setJob({ status: 'waiting', stage: null, done: '0', total: '0', started_at: null })
  })

  await t.test('when it is done it shows counts, and where they lead', async (t) => {
    await app.runJobs()
    const { body } = await app.as({ url: '/settings/imports/1' })
    t.match(body, /<dt>new rows<\/dt><dd>20<\/dd>/)
    t.match(body, /<dt>rejected<\/dt><dd>4<\/dd>/)
    for (const reason of ['1 duplicate key', '1 without a key', '1 unreadable number or date', '1 wrong number of columns']) t.match(body, reason)
    t.match(body, /href="\/settings\/imports\/1\/rejected.csv" download/)
    t.notMatch(body, /hx-trigger="load/)
  })

  await t.test('rejected rows are downloaded with line and reason, harmless to a spreadsheet', async (t) => {
    await app.db.insertInto('rejected_rows').values({ run_id: 1, line: '900', reason: 'cell', detail: '=cmd()', content: '@SUM(A1),"x"' }).execute()
    const response = await app.as({ url: '/settings/imports/1/rejected.csv' })
    t.equal(response.headers['content-type'], 'text/csv; charset=utf-8')
    t.equal(response.headers['content-disposition'], 'attachment; filename="rejected-rows-run-1.csv"')
    const lines = response.body.split('\n')
    t.equal(lines[0], '\ufeffline,reason,content')
    t.same(lines.slice(1, -1).map((line) => line.split(',')[0]), ['22', '23', '24', '25', '900'])
    t.match(lines[1], /the source key stands in line 5 already/)
    t.equal(lines[5], `900,'=cmd(),"'@SUM(A1),""x"""`)
  })

  await t.test('a run that would reject more than half says why it stopped', async (t) => {
    const url = await importKnown(['K1,1,x', 'K2,2,y', 'K3,3,4'])
    await app.runJobs()
    const page = await app.as({ url })
    t.match(page.body, /pill-bad">stopped/)
    t.match(messageOf(page), /2 of 3 rows would have been rejected, more than half\. Nothing was changed/)
    t.match((await app.as({ url: '/settings/sources' })).body, /pill-bad">stopped/)
  })

  await t.test('a run can be cancelled, also while it waits', async (t) => {
    const url = await importKnown(rows(5))
    const response = await app.as({ method: 'POST', url: `${url}/cancellation` })
    t.equal(response.headers.location, url)
    const page = await app.as({ url })
    t.match(page.body, /pill-warn">cancelled/)
    t.match(messageOf(page), /cancelled and changed nothing/)
    await app.runJobs()
    t.match((await app.as({ url: '/settings/sources/1' })).body, /source, 20 rows/)
    const running = await importKnown(rows(5))
    await setJob({ status: 'running' })
    await app.as({ method: 'POST', url: `${running}/cancellation` })
    t.match((await app.as({ url: running })).body, /disabled>Cancelling/)
    t.match((await app.as({ url: running })).body, /Pages show the data of run 1 until this run is done/)
    await setJob({ status: 'cancelled' })
  })

  await t.test('all runs of a source are listed, older ones a page further', async (t) => {
    const job = await app.db.selectFrom('import_runs').select('job_id').executeTakeFirstOrThrow()
    await app.db.insertInto('import_runs').values(Array.from({ length: 30 }, () => ({ source_id: 1, job_id: job.job_id, file_name: 'old.csv', file_path: null }))).execute()
    const { body } = await app.as({ url: '/settings/sources/1' })
    t.equal(body.match(/<th scope="row" class="cell-name"><a href="\/settings\/imports/g)?.length, 20)
    const older = /href="(\/settings\/sources\/1\?before=\d+)"/.exec(body)?.[1] ?? ''
    const next = await app.as({ url: older })
    t.equal(next.body.match(/<th scope="row" class="cell-name"><a href="\/settings\/imports/g)?.length, 14)
    t.notMatch(next.body, /Older runs/)
  })

  await t.test('runs and sources that are not there are not found', async (t) => {
    for (const url of ['/settings/imports/999', '/settings/sources/999', '/settings/imports/999/rejected.csv']) t.equal((await app.as({ url })).statusCode, 404, url)
    for (const url of ['/settings/imports/x', '/settings/sources/0', '/settings/sources/1?before=-1', '/settings/sources/uploads/nothing']) t.equal((await app.as({ url })).statusCode, 400, url)
    t.equal((await app.as({ url: `/settings/sources/uploads/${'0'.repeat(24)}` })).statusCode, 404)
  })
})

t.test('what a run made of users is told in words', async (t) => {
  const app = await build(t)
  const shop: SeedStructure = { alias: 'Shop', key: { column: 'no' }, columns: [{ name: 'no', kind: 'ignore', type: 'text' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'other', kind: 'id', type: 'text', idType: 'MOBILE', encryption: 'md5' }] }
  const page = async (csv: string[]) => (await app.as({ url: `/settings/imports/${(await seed(app, shop, ['no,mobile,other', ...csv].join('\n'))).runId}` })).body
  const first = await page(['1,13812345671,', '2,13812345672,', '3,13812345673,'])
  t.match(first, /<dt>users new<\/dt><dd>3<\/dd>/)
  t.notMatch(first, /turned out|split off/)
  const second = await page(['1,13812345673,', '2,13812345673,'])
  t.match(second, /<dt>users new<\/dt><dd>0<\/dd>[^]*<dt>users joined<\/dt><dd>2<\/dd>/)
  t.match(second, /<b>2<\/b> users turned out to be others known before and were joined with them; their old IDs lead there/)
  t.match(await page(['1,13812345671,']), /<b>1<\/b> user was split off: what joined it to another is not in the data any more/)
})
