import t from 'tap'
import { Access } from '../../src/access/access.ts'
import type { GrantLevel } from '../../src/access/grants.ts'
import { getCatalog } from '../../src/catalog/queries.ts'
import { readRefusedJoin, readRefusedPage } from '../../src/identities/read-refused.ts'
import { refusedJoinModel, refusedJoinsModel } from '../../src/identities/views/refused-joins.ts'
import { build, seal } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'

const shop: SeedStructure = {
  alias: 'Shop', key: { column: 'no', idType: 'ONEID' },
  columns: [{ name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }]
}
const web: SeedStructure = {
  alias: 'Web', key: { column: 'id' },
  columns: [{ name: 'id', kind: 'tag', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }]
}

t.test('refused joins by reason, with the rows behind them', async (t) => {
  const test = await build(t)
  const { as, db } = test
  await seed(test, shop, ['no,mobile,name', 'A1,13812345678,Wang <b>', 'A2,13812345678,Li', 'A3,0,Nobody', 'A4,0,', 'A5,0,'].join('\n'))
  await seed(test, web, ['id,phone', ...Array.from({ length: 60 }, (_, index) => `w${index},13900000000`), 'w99,13812345678'].join('\n'))

  const page = await as({ url: '/settings/refused-joins' })
  t.equal(page.statusCode, 200)
  for (const text of ['13812345678', '13900000000', 'OneID', 'Single-value conflict']) t.match(page.body, text)
  const conflicts = await as({ url: '/settings/refused-joins?reason=single_conflict' })
  t.match(conflicts.body, '13812345678')
  t.notMatch(conflicts.body, '13900000000')
  t.match((await as({ url: '/settings/refused-joins?reason=nonsense' })).statusCode, 200)
  t.equal((await as({ url: '/settings/refused-joins?after=nonsense' })).statusCode, 422)

  const find = async (reason: string) => db.selectFrom('refused_joins').selectAll().where('reason', '=', reason as never).executeTakeFirstOrThrow()
  const conflict = await find('single_conflict')
  const detail = await as({ url: `/settings/refused-joins/${conflict.id_type}/${seal.seal(conflict.match_key)}` })
  for (const text of ['Mobile 13812345678', 'Wang &lt;b&gt;', 'href="/users/1"', 'href="/users/2"', 'OneID of the user', '>A1<', 'w99']) t.match(detail.body, text)

  const shared = await find('shared')
  const first = await as({ url: `/settings/refused-joins/${shared.id_type}/${seal.seal(shared.match_key)}` })
  t.equal((first.body.match(/href="\/users\//g) ?? []).length, 50, 'fifty rows a page')
  const next = /href="(\/settings\/refused-joins\/[^"]+\?after=\d+)"/.exec(first.body)![1]!
  t.equal(((await as({ url: next })).body.match(/href="\/users\//g) ?? []).length, 10)
  t.equal((await as({ url: `/settings/refused-joins/${shared.id_type}/${seal.seal(shared.match_key)}?after=x` })).statusCode, 422)
  t.equal((await as({ url: `/settings/refused-joins/3/${seal.seal('00000000-0000-0000-0000-000000000000')}` })).statusCode, 404)
  t.equal((await as({ url: '/settings/refused-joins/3/nonsense' })).statusCode, 404)
})

t.test('who sees less is told less', async (t) => {
  const test = await build(t)
  const { db } = test
  await seed(test, shop, ['no,mobile,name', 'A1,13812345678,Wang', 'A2,13812345678,Li', 'A3,13700000001,A', 'A4,13700000001,B'].join('\n'))
  await seed(test, web, ['id,phone', 'w1,13812345678'].join('\n'))
  const catalog = await getCatalog(db)
  const [first, second] = catalog.sources
  const column = (name: string) => catalog.sources.flatMap((source) => source.columns).find((one) => one.name === name)!.id
  const narrowed = (levels: Record<string, GrantLevel>, sources = [first!.id, second!.id], rowCondition: unknown = null) => Access.narrowed(catalog, {
    attributes: new Map([['name', 'hidden']]),
    sources: new Map(sources.map((id) => [id, { otherwise: 'full', columns: new Map(Object.entries(levels).map(([name, level]) => [column(name), level])), rowCondition: rowCondition as never }]))
  })
  const list = async (access: Access) => refusedJoinsModel(access, await readRefusedPage(db, catalog, access, { reason: null, after: null, timeZone: 'UTC' }), { reason: null, later: false, timeZone: 'UTC', seal })
  const key = (await db.selectFrom('refused_joins').selectAll().execute()).map((row) => ({ idType: row.id_type, key: row.match_key }))

  const all = await list(Access.full(catalog))
  t.same(all.rows.map((row) => [row.value, row.rows]).toSorted(), [['13700000001', '2'], ['13812345678', '3']])
  t.equal(all.tabs[0]?.count, '2')

  const webOnly = await list(narrowed({}, [second!.id]))
  t.same(webOnly.rows.map((row) => [row.value, row.rows]), [['13812345678', '1']], 'a value only in hidden tables is not there; rows of hidden tables are not counted')
  t.equal(webOnly.tabs[0]?.count, '')

  const noMobile = await list(narrowed({ mobile: 'hidden' }, [first!.id]))
  t.same(noMobile.rows, [], 'a hidden column is nowhere')

  const maskedAccess = narrowed({ mobile: 'masked', no: 'masked' }, [first!.id])
  const maskedList = await list(maskedAccess)
  t.same(maskedList.rows.map((row) => row.value).toSorted(), ['137****0001', '138****5678'])
  for (const one of key) {
    const model = refusedJoinModel(maskedAccess, await readRefusedJoin(db, catalog, maskedAccess, one, { after: '0', timeZone: 'UTC' }), { later: false, timeZone: 'UTC', seal, may: () => true })
    t.notMatch(JSON.stringify(model), /13812345678|13700000001|"A[1-4]"|Wang/)
    t.equal(model.rows.length, 2)
  }

  const failing = await list(narrowed({}, [second!.id], { field: `tag:${column('id')}`, operator: 'is', values: ['other'] }))
  t.same(failing.rows, [], 'a row that fails the condition is as if absent')
  const passing = await list(narrowed({}, [second!.id], { field: `tag:${column('id')}`, operator: 'is', values: ['w1'] }))
  t.equal(passing.rows.length, 1)
})
