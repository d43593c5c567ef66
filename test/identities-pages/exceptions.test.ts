import t from 'tap'
import { build, seal, type TestApp } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'
import { columnIds, narrow } from '../users/world.ts'

const shop: SeedStructure = {
  alias: 'Shop', key: { column: 'no', idType: 'ONEID' },
  columns: [{ name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }]
}
const web: SeedStructure = { alias: 'Web', key: { column: 'id' }, columns: [{ name: 'id', kind: 'ignore', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }] }

/** Users 1 and 2 with a mobile that their OneIDs speak against; user 3 with row 4, joined by another mobile. */
async function world(app: TestApp): Promise<void> {
  await seed(app, shop, ['no,mobile,name', 'A1,13812345678,Wang', 'A2,13812345678,Li', 'A3,13900000000,Zhao'].join('\n'))
  await seed(app, web, ['id,phone', 'w1,13900000000'].join('\n'))
}

const hidden = (body: string): Record<string, string> => Object.fromEntries([...body.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map((match) => [match[1]!, match[2]!]).filter(([name]) => name !== '_csrf'))
const aliases = async ({ pool }: TestApp) => (await pool.query('select row_number, user_id from row_aliases order by 1')).rows.map((row) => `${row.row_number}>${row.user_id}`)
const undoOf = async ({ db }: TestApp) => `/settings/mapping-acts/${(await db.selectFrom('history_entries').select('id').where('kind', '=', 'mapping').orderBy('id', 'desc').executeTakeFirstOrThrow()).id}/undo`

t.test('a refused value is allowed from its page, which shows whom it joins; the act is listed, in the history, and taken back', async (t) => {
  const app = await build(t)
  await world(app)
  const [join] = await app.db.selectFrom('refused_joins').selectAll().execute()
  const detail = await app.as({ url: `/settings/refused-joins/${join!.id_type}/${seal.seal(join!.match_key)}` })
  t.match(detail.body, 'value="allow">Allow to join')
  const action = `/settings/refused-joins/${join!.id_type}/${seal.seal(join!.match_key)}/exception`
  const asked = await app.as({ method: 'POST', url: action, form: { kind: 'allow', back: '/settings/refused-joins' } })
  t.match(asked.body, /users joined into others<\/dt><dd>1</)
  t.match(asked.body, /<a href="\/users\/2">Li<\/a> becomes part of <a href="\/users\/1">Wang<\/a>/)
  t.match(asked.body, '13812345678')
  t.same(await aliases(app), ['4>3'], 'looking changes nothing')

  const ordered = await app.as({ method: 'POST', url: action, form: hidden(asked.body) })
  t.match(ordered.headers.location, /^\/settings\/jobs\/\d+$/)
  t.equal((await app.as({ method: 'POST', url: action, form: hidden(asked.body) })).statusCode, 409, 'one change of ID mapping at a time')
  await app.runJobs()
  t.same(await aliases(app), ['2>1', '4>3'])
  t.match((await app.as({ url: String(ordered.headers.location) })).body, /users joined<\/dt><dd>1<[^]*/)
  const [exception] = await app.db.selectFrom('mapping_exceptions').selectAll().execute()
  t.match(exception, { kind: 'allow', operator_id: 1 })
  const list = await app.as({ url: '/settings/refused-joins' })
  for (const text of ['id="exceptions-title"', '13812345678', 'allowed', 'Lin Yating', 'Take back']) t.match(list.body, text)

  const entries = await app.db.selectFrom('history_entries').selectAll().where('kind', '=', 'mapping').execute()
  t.match(entries, [{ title: 'A refused value of Mobile allowed to join: 1 users joined, 0 split', operator_name: 'Lin Yating' }])
  const everything = JSON.stringify([await app.db.selectFrom('history_entries').selectAll().execute(), await app.db.selectFrom('history_items').selectAll().execute()])
  t.notMatch(everything, '13812345678', 'the history does not tell the value')
  t.notMatch(everything, join!.match_key, 'nor its key')
  const history = await app.as({ url: '/settings/history' })
  const undo = await undoOf(app)
  t.match(history.body, `href="${undo}"`)

  const back = await app.as({ url: undo })
  t.match(back.body, /users split off<\/dt><dd>1</)
  t.match(back.body, /User 2 stands on its own again, until now part of <a href="\/users\/1">Li<\/a>/)
  await app.as({ method: 'POST', url: undo, form: hidden(back.body) })
  await app.runJobs()
  t.same(await aliases(app), ['4>3'])
  t.same(await app.db.selectFrom('mapping_exceptions').selectAll().execute(), [])
  t.equal((await app.as({ url: undo })).statusCode, 404, 'taken back once')
  t.match(await app.db.selectFrom('history_entries').selectAll().where('id', '=', entries[0]!.id).executeTakeFirst(), { undone_by: /^\d+$/ })
  t.equal((await app.db.selectFrom('refused_joins').selectAll().execute()).length, 1)
})

t.test('a value is excluded from the page that says why rows belong together, and taken back from the list', async (t) => {
  const app = await build(t)
  await world(app)
  const rows = await app.as({ url: '/users/3/rows' })
  const action = /action="(\/settings\/refused-joins\/[^"]+\/exception)"/.exec(rows.body)![1]!
  const asked = await app.as({ method: 'POST', url: action, form: { kind: 'exclude', back: '/users/3/rows' } })
  t.match(asked.body, /User 4 stands on its own again, until now part of <a href="\/users\/3">Zhao<\/a>/)
  t.match(asked.body, 'href="/users/3/rows"', 'the way back')
  await app.as({ method: 'POST', url: action, form: hidden(asked.body) })
  await app.runJobs()
  t.same(await aliases(app), [])
  await seed(app, web, 'id,phone\nw2,13900000000')
  t.same(await aliases(app), [], 'later rows are not joined either')
  t.match((await app.as({ method: 'POST', url: action, form: { kind: 'exclude', back: '/users/3/rows' } })).headers.location, '/users/3/rows', 'done already')
  const first = await undoOf(app)

  const again = await app.as({ method: 'POST', url: action, form: { kind: 'none', back: '/settings/refused-joins' } })
  t.match(again.body, /users joined into others<\/dt><dd>2</)
  await app.as({ method: 'POST', url: action, form: hidden(again.body) })
  await app.runJobs()
  t.same(await aliases(app), ['4>3', '5>3'])
  t.equal((await app.as({ url: first })).statusCode, 409, 'what a later act changed is not taken back over it')
  const excludedAgain = await app.as({ url: await undoOf(app) })
  t.match(excludedAgain.body, 'Exclude a value from ID mapping', 'taking back is taken back, too')
})

t.test('what cannot be taken is answered, and changes nothing', async (t) => {
  const app = await build(t)
  await world(app)
  const url = `/settings/refused-joins/3/${seal.seal('00000000-0000-0000-0000-000000000001')}/exception`
  t.equal((await app.as({ method: 'POST', url, form: { kind: 'burn' } })).statusCode, 422)
  t.equal((await app.as({ method: 'POST', url: '/settings/refused-joins/3/nonsense/exception', form: { kind: 'allow' } })).statusCode, 404)
  t.equal((await app.as({ method: 'POST', url: `/settings/refused-joins/999/${seal.seal('00000000-0000-0000-0000-000000000001')}/exception`, form: { kind: 'allow' } })).statusCode, 404)
  for (const entry of ['999', 'x', '1']) t.equal((await app.as({ url: `/settings/mapping-acts/${entry}/undo` })).statusCode, 404)
  const rows = await app.as({ url: '/users/3/rows' })
  const action = /action="(\/settings\/refused-joins\/[^"]+\/exception)"/.exec(rows.body)![1]!
  const stale = await app.as({ method: 'POST', url: action, form: { kind: 'exclude', confirmed: 'x', back: 'https://elsewhere.example/' } })
  t.match(stale.body, 'The settings changed while you were looking')
  t.notMatch(stale.body, 'elsewhere.example')
  t.same(await app.db.selectFrom('mapping_exceptions').selectAll().execute(), [])
})

t.test('who sees less learns no value and nobody that they do not see', async (t) => {
  const app = await build(t)
  await world(app)
  const [join] = await app.db.selectFrom('refused_joins').selectAll().execute()
  const action = `/settings/refused-joins/${join!.id_type}/${seal.seal(join!.match_key)}/exception`
  const rowsPage = await app.as({ url: '/users/3/rows' })
  const excluding = /action="(\/settings\/refused-joins\/[^"]+\/exception)"/.exec(rowsPage.body)![1]!
  const confirmed = hidden((await app.as({ method: 'POST', url: excluding, form: { kind: 'exclude' } })).body)
  await app.as({ method: 'POST', url: excluding, form: confirmed })
  await app.runJobs()
  const undo = await undoOf(app)
  const columns = await columnIds(app)
  await t.test('a masked column', async (t) => {
    narrow(t, { 1: { otherwise: 'full', columns: new Map([[columns['1.mobile']!, 'masked']]) }, 2: { otherwise: 'masked', columns: new Map() } })
    for (const page of [await app.as({ url: '/settings/refused-joins' }), await app.as({ method: 'POST', url: action, form: { kind: 'allow' } }), await app.as({ url: undo })]) {
      t.equal(page.statusCode, 200)
      t.notMatch(page.body, /13812345678|13900000000/)
      t.match(page.body, '****')
    }
    t.notMatch((await app.as({ url: '/users/3/rows' })).body, '/exception"', 'a masked value is not excluded from there')
  })
  await t.test('a hidden column', async (t) => {
    narrow(t, { 1: { otherwise: 'full', columns: new Map([[columns['1.mobile']!, 'hidden']]) }, 2: null })
    t.equal((await app.as({ method: 'POST', url: action, form: { kind: 'allow' } })).statusCode, 404)
    t.equal((await app.as({ url: undo })).statusCode, 404)
    t.notMatch((await app.as({ url: '/settings/refused-joins' })).body, 'exceptions-title')
  })
  await t.test('rows that fail a condition', async (t) => {
    narrow(t, { 1: { otherwise: 'full', columns: new Map(), rowCondition: { field: 'attribute:name', operator: 'is', values: ['Wang'] } } })
    const page = await app.as({ method: 'POST', url: action, form: { kind: 'allow' } })
    t.notMatch(page.body, /Li<|\/users\/2"/)
    t.match(page.body, '1 user that you do not see.')
  })
})
