import t from 'tap'
import { Access } from '../../src/access/access.ts'
import { getCatalog } from '../../src/catalog/queries.ts'
import { readTagQuery } from '../../src/tags/forms.ts'
import { listTagStatistics } from '../../src/tags/queries.ts'
import { tagsModel, tagsOf } from '../../src/tags/views.ts'
import { build, type TestApp } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'

const shop: SeedStructure = {
  alias: 'Shop', key: { column: 'no' },
  columns: [
    { name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'likes', kind: 'tag', type: 'multi', delimiter: '|', tagName: 'Likes' }, { name: 'value', kind: 'tag', type: 'number', tagName: 'Lifetime value' },
    { name: 'seen', kind: 'tag', type: 'time', format: 'YMD', tagName: 'Last visit' }, { name: 'store', kind: 'tag', type: 'text', tagName: '门店 <b>' }
  ]
}

async function seeded(test: TestApp): Promise<Record<string, number>> {
  await seed(test, shop, ['no,likes,value,seen,store', 'A1,tea|hiking,0,2024-01-01,West', 'A2,tea,184220.50,2026-11-22,West', 'A3,,,,East', 'A4,,,,'].join('\n'))
  await test.db.insertInto('jobs').values({ kind: 'statistics', title: 'Count', payload: '{}' }).execute()
  await test.runJobs()
  return Object.fromEntries((await test.db.selectFrom('source_columns').select(['id', 'name']).execute()).map((row) => [row.name, row.id]))
}

t.test('the list of tags with coverage and values', async (t) => {
  const test = await build(t)
  t.match((await test.as({ url: '/settings/tags' })).body, 'There are no tags yet')
  await seeded(test)
  const { as } = test
  const page = await as({ url: '/settings/tags' })
  t.equal(page.statusCode, 200)
  for (const text of ['4 tags of 1 source', 'multi-value', 'tea, hiking', '0 to 184,220.50', '2024-01-01 to 2026-11-22', '75%', '50%', '门店 &lt;b&gt;', 'aria-sort="descending"', 'Uncategorized']) t.match(page.body, text)
  t.match(page.body, /门店[\s\S]+Last visit[\s\S]+Lifetime value[\s\S]+Likes|门店[\s\S]+Likes/, 'most users first')
  const only = await as({ url: '/settings/tags?only=on&sort=name' })
  t.notMatch(only.body, 'Lifetime value')
  t.match(only.body, 'aria-sort="ascending"')
  t.match((await as({ url: '/settings/tags?q=likes' })).body, 'tea, hiking')
  t.match((await as({ url: '/settings/tags?q=%3Cscript%3E' })).body, 'No tag is like this')
  const fragment = await as({ url: '/settings/tags?q=likes', headers: { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'div#tag-table' } })
  t.notMatch(fragment.body, '<html')
  t.match(fragment.body, 'id="tag-table"')
  for (const url of ['/settings/tags?group=999&sort=nonsense', '/settings/tags?group=x&q=%00', '/settings/tags?q=a&q=b']) t.equal((await as({ url })).statusCode, 200)
})

t.test('a tag is named, described and put into a group', async (t) => {
  const test = await build(t)
  const { as, db } = test
  const id = await seeded(test)
  const page = await as({ url: `/settings/tags/${id['likes']}` })
  t.match(page.body, /tea[\s\S]+>2<[\s\S]+hiking[\s\S]+>1</)
  t.match(page.body, 'Users covered</dt><dd>2, 50%')
  await as({ method: 'POST', url: '/settings/tags/groups', form: { name: 'Interests', parent: '' } })
  const group = await db.selectFrom('tag_groups').select('id').executeTakeFirstOrThrow()
  const save = (form: Record<string, string>) => as({ method: 'POST', url: `/settings/tags/${id['likes']}`, form: { name: 'Likes', group: '', description: '', ...form } })
  for (const [form, message] of [[{ name: '' }, /id="name-error"/], [{ name: 'lifetime VALUE' }, /id="name-error">.+Another tag of Shop/], [{ group: '999' }, /id="group-error"/]] as const) {
    const answer = await save(form)
    t.equal(answer.statusCode, 422)
    t.match(answer.body, message)
  }
  t.equal((await save({ name: 'Likes!', group: String(group.id), description: 'What they told us' })).headers.location, '/settings/tags')
  t.match(await db.selectFrom('source_columns').selectAll().where('id', '=', id['likes']!).executeTakeFirst(), { tag_name: 'Likes!', tag_group_id: group.id, description: 'What they told us' })
  t.same((await db.selectFrom('history_items').select(['field', 'old_value', 'new_value']).where('column_name', '=', 'likes').orderBy('item').execute()), [
    { field: 'tagName', old_value: 'Likes', new_value: 'Likes!' }, { field: 'group', old_value: 'Uncategorized', new_value: 'Interests' }, { field: 'description', old_value: null, new_value: 'What they told us' }])
  t.match((await as({ url: `/settings/tags?group=${group.id}` })).body, 'Likes!')
  const indexed = await save({ name: 'Likes!', group: String(group.id), description: 'What they told us', filterIndex: 'on' })
  t.match(indexed.headers.location, /^\/settings\/jobs\/\d+$/)
  await test.runJobs()
  t.match((await as({ url: String(indexed.headers.location) })).body, 'done')
  for (const url of ['/settings/tags/999', `/settings/tags/${id['no']}`]) t.equal((await as({ url })).statusCode, 404)
})

t.test('groups have three levels, and tags outlive them', async (t) => {
  const test = await build(t)
  const { as, db } = test
  const id = await seeded(test)
  const add = async (name: string, parent: number | '' = '') => {
    const answer = await as({ method: 'POST', url: '/settings/tags/groups', form: { name, parent: String(parent) } })
    return { answer, id: Number(/group=(\d+)/.exec(String(answer.headers.location))?.[1]) }
  }
  const interests = await add('Interests')
  const outdoor = await add('Outdoor', interests.id)
  const gear = await add('露营装备', outdoor.id)
  const service = await add('Service')
  for (const [name, parent, field] of [['', '', 'name'], ['interests', '', 'name'], ['Uncategorized', '', 'name'], ['x'.repeat(61), '', 'name'], ['Deep', gear.id, 'parent'], ['Gone', 9999, 'parent']] as const) {
    const { answer } = await add(name, parent)
    t.equal(answer.statusCode, 422)
    t.match(answer.body, `id="${field}-error"`)
  }
  const move = (group: number, name: string, parent: number | '') => as({ method: 'POST', url: `/settings/tags/groups/${group}`, form: { name, parent: String(parent) } })
  t.equal((await move(interests.id, 'Interests', outdoor.id)).statusCode, 422, 'not inside itself')
  t.equal((await move(interests.id, 'Interests', service.id)).statusCode, 422, 'not too deep')
  t.equal((await move(outdoor.id, 'Out', service.id)).statusCode, 303)
  t.match((await getCatalog(db)).tagGroups.find((group) => group.id === gear.id)?.path, ['Service', 'Out', '露营装备'])

  await as({ method: 'POST', url: `/settings/tags/${id['likes']}`, form: { name: 'Likes', group: String(gear.id), description: '' } })
  const list = await as({ url: '/settings/tags' })
  t.match(list.body, /Service <span class="count">1</, 'a count takes in what is below')
  t.match((await as({ url: `/settings/tags?group=${service.id}` })).body, '>Likes<')
  const question = await as({ url: `/settings/tags/groups/${service.id}/deletion` })
  t.match(question.body, '2 groups inside it go')
  t.match(question.body, '1 tag moves to Uncategorized')
  t.equal((await as({ method: 'POST', url: `/settings/tags/groups/${service.id}/deletion` })).statusCode, 303)
  t.same((await db.selectFrom('tag_groups').select('name').execute()), [{ name: 'Interests' }])
  t.match(await db.selectFrom('source_columns').selectAll().where('id', '=', id['likes']!).executeTakeFirst(), { kind: 'tag', tag_group_id: null })
  t.equal((await as({ url: `/settings/tags/groups/${service.id}` })).statusCode, 404)
})

t.test('values of a masked tag are not told, a hidden one is not there', async (t) => {
  const test = await build(t)
  const id = await seeded(test)
  const catalog = await getCatalog(test.db)
  const source = catalog.sources[0]!
  const model = async (access: Access) => tagsModel(access, tagsOf(access, await listTagStatistics(test.db, access.tags.map(({ column }) => column.column))), readTagQuery({}), true)
  const access = Access.narrowed(catalog, { attributes: new Map(), sources: new Map([[source.id, { otherwise: 'full', columns: new Map([[id['likes']!, 'masked'], [id['store']!, 'hidden']]) }]]) })
  const narrowed = await model(access)
  t.same(narrowed.rows.map((row) => row.name).toSorted(), ['Last visit', 'Lifetime value', 'Likes'])
  t.match(narrowed.rows.find((row) => row.name === 'Likes'), { values: '', coverage: null })
  t.equal(narrowed.groups[0]?.count, 3)
  const conditioned = Access.narrowed(catalog, { attributes: new Map(), sources: new Map([[source.id, { otherwise: 'full', columns: new Map(), rowCondition: { field: `tag:${id['store']}`, operator: 'is', values: ['East'] } as never }]]) })
  t.ok((await model(conditioned)).rows.every((row) => row.values === '' && row.coverage === null), 'what was counted over all rows says too much')
})
