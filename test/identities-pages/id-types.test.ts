import t from 'tap'
import { build, type TestApp } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'

const shop: SeedStructure = {
  alias: 'Shop', key: { column: 'no', idType: 'ONEID' },
  columns: [{ name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }]
}
const web: SeedStructure = {
  alias: 'Web', key: { column: 'id' },
  columns: [{ name: 'id', kind: 'ignore', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'email', kind: 'id', type: 'text', idType: 'EMAIL' }]
}

async function seeded(test: TestApp): Promise<void> {
  await seed(test, shop, ['no,mobile', 'A1,13812345678', 'A2,13800000001', 'A3,'].join('\n'))
  await seed(test, web, ['id,phone,email', 'w1,13812345678,a@x.com', 'w2,,a@x.com', 'w3,,c@x.com', 'w4,,c@x.com'].join('\n'))
}

const typeId = async ({ db }: TestApp, code: string) => (await db.selectFrom('id_types').select('id').where('code', '=', code).executeTakeFirstOrThrow()).id
const hidden = (html: string) => Object.fromEntries([...html.slice(html.indexOf('id="confirm-form"')).matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map((match) => [match[1], match[2]!.replaceAll('&quot;', '"').replaceAll('&#39;', "'")]))

t.test('the list of ID types and types of one\'s own', async (t) => {
  const test = await build(t)
  const { as, db } = test
  const page = await as({ url: '/settings/id-types' })
  t.equal(page.statusCode, 200)
  for (const text of ['OneID', 'MAISCRM_ID', 'Taobao OUID', '17 of 50 types, 2 of 5 take part', 'id="aes-state">set<']) t.match(page.body, text)
  t.notMatch(page.body, '0123456789ABCDEF', 'the key itself is never shown')

  const add = (form: Record<string, string>) => as({ method: 'POST', url: '/settings/id-types', form: { code: 'DEVICE', name: 'Device', priority: '18', single: 'multi', ...form } })
  const wrongs: [Record<string, string>, RegExp][] = [
    [{ code: '1x' }, /id="code-error">.+begins with a letter/], [{ code: 'mobile' }, /id="code-error">.+code MOBILE already/], [{ name: '' }, /id="name-error">/], [{ name: 'onEid' }, /id="name-error">.+this name already/],
    [{ priority: '3' }, /id="priority-error">.+belongs to Mobile/], [{ priority: 'x' }, /id="priority-error">.+whole number/], [{ mapping: 'on' }, /id="mapping-error">.+enabled can take part/]
  ]
  for (const [form, message] of wrongs) {
    const answer = await add(form)
    t.equal(answer.statusCode, 422)
    t.match(answer.body, message)
  }
  t.match((await add({ name: '<b>"x', code: '_' })).body, 'value="&lt;b&gt;&quot;x"', 'what was typed comes back escaped')
  const answer = await add({ enabled: 'on' })
  t.equal(answer.headers.location, '/settings/id-types')
  t.match(await db.selectFrom('id_types').selectAll().where('code', '=', 'DEVICE').executeTakeFirst(), { name: 'Device', priority: 18, single: false, enabled: true, mapping: false, preset: false })

  const id = await typeId(test, 'DEVICE')
  const saved = await as({ method: 'POST', url: `/settings/id-types/${id}`, form: { name: 'Device token', priority: '18', single: 'multi', enabled: 'on' } })
  t.equal(saved.headers.location, '/settings/id-types', 'a name is saved at once')
  t.match(await db.selectFrom('history_entries').innerJoin('history_items', 'entry_id', 'history_entries.id').select(['title', 'old_value', 'new_value']).orderBy('history_entries.id', 'desc').executeTakeFirst(),
    { title: 'ID type Device token changed', old_value: { name: 'Device' }, new_value: { name: 'Device token' } })
  t.equal((await as({ method: 'POST', url: `/settings/id-types/${await typeId(test, 'ONEID')}/deletion` })).statusCode, 404, 'presets stay')
  t.equal((await as({ method: 'POST', url: `/settings/id-types/${id}/deletion` })).headers.location, '/settings/id-types')
  t.equal((await as({ url: `/settings/id-types/${id}` })).statusCode, 404)
  t.equal((await as({ url: '/settings/id-types/x' })).statusCode, 400)
})

t.test('priorities are exchanged in one step', async (t) => {
  const test = await build(t)
  const id = await typeId(test, 'IMEI')
  const form = { name: 'IMEI', priority: '14', single: 'multi', enabled: 'on' }
  const refused = await test.as({ method: 'POST', url: `/settings/id-types/${id}`, form })
  t.equal(refused.statusCode, 422)
  t.match(refused.body, 'Exchange priorities with IMSI')
  t.equal((await test.as({ method: 'POST', url: `/settings/id-types/${id}`, form: { ...form, swap: 'on' } })).statusCode, 303)
  t.same(await test.db.selectFrom('id_types').select(['code', 'priority']).where('code', 'in', ['IMEI', 'IMSI']).orderBy('priority').execute(), [{ code: 'IMSI', priority: 13 }, { code: 'IMEI', priority: 14 }])
})

t.test('a change of ID mapping says what it would do, then a job does it', async (t) => {
  const test = await build(t)
  const { as, db } = test
  await seeded(test)
  const id = await typeId(test, 'EMAIL')
  const form = { name: 'E-mail', priority: '9', single: 'multi', enabled: 'on', mapping: 'on' }
  const preview = await as({ method: 'POST', url: `/settings/id-types/${id}`, form })
  t.equal(preview.statusCode, 200)
  t.match(preview.body, /users joined into others<\/dt><dd>2</)
  t.match(preview.body, /users split off<\/dt><dd>0</)
  t.match(preview.body, 'takes part in ID mapping')
  t.equal((await db.selectFrom('row_aliases').selectAll().execute()).length, 1, 'looking changes nothing')
  t.equal((await db.selectFrom('jobs').select('id').where('kind', '=', 'remap').execute()).length, 0)

  const fields = hidden(preview.body)
  await as({ method: 'POST', url: `/settings/id-types/${await typeId(test, 'IDFA')}`, form: { name: 'IDFA!', priority: '11', single: 'multi', enabled: 'on' } })
  const again = await as({ method: 'POST', url: `/settings/id-types/${id}`, form: fields as Record<string, string> })
  t.match(again.body, 'The settings changed while you were looking', 'what was confirmed is what was seen')

  const confirmed = await as({ method: 'POST', url: `/settings/id-types/${id}`, form: hidden(again.body) as Record<string, string> })
  t.match(confirmed.headers.location, /^\/settings\/jobs\/\d+$/)
  const jobUrl = String(confirmed.headers.location)
  const waiting = await as({ url: jobUrl })
  t.match(waiting.body, 'It waits until another job is done')
  t.match(waiting.body, 'hx-trigger="load delay:1s"')
  t.equal((await as({ method: 'POST', url: '/settings/id-types', form: { code: 'X', name: 'X', priority: '40', single: 'multi' } })).statusCode, 409, 'nothing is changed beside it')
  t.match((await as({ url: '/settings/id-types' })).body, 'A change of ID mapping is being applied')

  await test.runJobs()
  const done = await as({ url: jobUrl, headers: { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'section#job' } })
  t.match(done.body, /users joined<\/dt><dd>2</)
  t.notMatch(done.body, 'hx-trigger', 'polling ends by itself')
  t.notMatch(done.body, '<html', 'a fragment')
  t.match(await db.selectFrom('id_types').selectAll().where('id', '=', id).executeTakeFirst(), { mapping: true })
  t.match(await db.selectFrom('history_entries').selectAll().where('title', 'like', 'ID mapping: E-mail changed, ordered').executeTakeFirst(), { operator_name: 'Lin Yating' })

  const back = await as({ method: 'POST', url: `/settings/id-types/${id}`, form: { ...form, mapping: '' } })
  t.match(back.body, /users split off<\/dt><dd>2</)
})

t.test('limits and placeholders', async (t) => {
  const test = await build(t)
  const { as, db } = test
  await seeded(test)
  for (const [form, message] of [[{ overSharedLimit: '1', placeholders: 'x' }, /id="overSharedLimit-error"/], [{ overSharedLimit: '20', placeholders: 'x'.repeat(300) }, /id="placeholders-error"/]] as const) {
    const answer = await as({ method: 'POST', url: '/settings/id-types/mapping', form })
    t.equal(answer.statusCode, 422)
    t.match(answer.body, message)
  }
  const page = await as({ url: '/settings/id-types' })
  const words = /<textarea[^>]*>\n([^<]*)</.exec(page.body)![1]!
  t.equal((await as({ method: 'POST', url: '/settings/id-types/mapping', form: { overSharedLimit: '20', placeholders: words } })).headers.location, '/settings/id-types', 'the same again is no change')
  const preview = await as({ method: 'POST', url: '/settings/id-types/mapping', form: { overSharedLimit: '5', placeholders: `${words}\n13812345678` } })
  t.match(preview.body, /users split off<\/dt><dd>1</)
  t.match(preview.body, 'also: 13812345678')
  t.equal((await as({ method: 'POST', url: '/settings/id-types/mapping', form: hidden(preview.body) as Record<string, string> })).statusCode, 303)
  await test.runJobs()
  t.match(await db.selectFrom('settings').selectAll().where('name', '=', 'over_shared_limit').executeTakeFirst(), { value: 5 })
  t.equal((await db.selectFrom('row_aliases').selectAll().execute()).length, 0)
})

t.test('a waiting job can be cancelled', async (t) => {
  const test = await build(t)
  const id = await test.db.insertInto('jobs').values({ kind: 'reproject', title: 'Something', payload: '{}' }).returning('id').executeTakeFirstOrThrow()
  t.equal((await test.as({ method: 'POST', url: `/settings/jobs/${id.id}/cancellation` })).statusCode, 303)
  t.match((await test.as({ url: `/settings/jobs/${id.id}` })).body, 'It was cancelled and changed nothing.')
  t.equal((await test.as({ url: '/settings/jobs/999' })).statusCode, 404)
})
