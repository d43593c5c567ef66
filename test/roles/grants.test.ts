import t from 'tap'
import { raiseCatalogVersion } from '../../src/catalog/queries.ts'
import { signInWith } from '../role.ts'
import { seed } from '../seed.ts'
import { usersOn } from '../users/world.ts'
import { fieldsOf, openRoles } from './world.ts'

t.test('what a role sees of a source is set column by column, and holds for the next request of a session that is open', async (t) => {
  const world = await openRoles(t)
  const { as, get, submit, roleId, entry, columns: c, db } = world
  const id = await roleId('Analyst')
  const { as: asAnalyst } = await signInWith(world, id)
  const sees = async () => (await get('/users?sort=user_id', asAnalyst)).body
  t.match(await sees(), 'No user to show', 'a new console shows an analyst nothing')
  const [url, action] = [`/settings/roles/${id}/data?of=1`, `/settings/roles/${id}/data/1`]

  const page = (await get(url)).body
  t.match(page, /138\*\*\*\*1234/)
  t.notMatch(page, '13812345678', 'samples are made up')
  t.match(page, /no <small class="quiet">key of the source/)
  await submit(url, action, { [`level-${c['1.mobile']}`]: 'masked', [`level-${c['1.likes']}`]: 'full' })
  t.match(await entry(), { kind: 'role', title: 'Role Analyst, data of Shop members changed', source_id: 1, items: [['mobile', 'hidden', 'masked'], ['likes', 'hidden', 'full']] })
  t.match(await sees(), '138****5678')
  t.same(usersOn({ body: await sees() }), ['1', '2', '3', '4'])
  t.match((await get('/users/1', asAnalyst)).body, 'hiking')
  t.notMatch((await get('/users/1', asAnalyst)).body, 'Lifetime value')

  await submit(url, action, { all: 'full' })
  t.match((await get('/users/1', asAnalyst)).body, '12,480.00')
  await submit(url, action, { later: 'full', [`level-${c['1.value']}`]: 'hidden' })
  t.same((await entry()).items, [['value', 'full', 'hidden'], ['later columns', 'hidden', 'full']])
  t.notMatch((await get('/users/1', asAnalyst)).body, '12,480.00', 'what is there already does not follow the choice for later columns')
  await db.updateTable('source_columns').set({ kind: 'tag', type: 'text', tag_name: 'Came later' }).where('id', '=', c['1.city']!).execute()
  await raiseCatalogVersion(db)
  t.match((await get(url)).body, new RegExp(`name="level-${c['1.city']}" value="full" checked`), 'but a column that comes later does')
  await db.updateTable('source_columns').set({ kind: 'attribute', type: 'text', tag_name: null }).where('id', '=', c['1.city']!).execute()
  await raiseCatalogVersion(db)

  await submit(`/settings/roles/${id}/data`, `/settings/roles/${id}/data/attributes`, { 'level-city': 'masked', 'level-name': 'full' })
  t.same((await entry()).items, [['name', 'hidden', 'full'], ['city', 'hidden', 'masked']])
  t.match((await get('/users/1', asAnalyst)).body, '杭***')
  await submit(`/settings/roles/${id}/data`, `/settings/roles/${id}/data/attributes`, { all: 'hidden' })
  t.notMatch((await get('/users/1', asAnalyst)).body, 'Xiaomin')

  await submit(url, action, { all: 'hidden', later: 'hidden' })
  t.match(await sees(), 'No user to show')
  t.equal((await get('/users/1', asAnalyst)).statusCode, 404)
  t.equal((await as({ method: 'POST', url: `/settings/roles/${id}/data/99`, form: {} })).statusCode, 404)
})

t.test('whoever is late with a grant is told what stands now', async (t) => {
  const { as, get, submit, roleId, columns: c } = await openRoles(t)
  const id = await roleId('Analyst')
  for (const [url, action, field] of [[`/settings/roles/${id}/data?of=1`, `/settings/roles/${id}/data/1`, `level-${c['1.mobile']}`], [`/settings/roles/${id}/data`, `/settings/roles/${id}/data/attributes`, 'level-city']] as const) {
    const form = fieldsOf((await get(url)).body, action)
    await submit(url, action, { [field]: 'masked' })
    const late = await as({ method: 'POST', url: action, form: { ...form, all: 'full' } })
    t.equal(late.statusCode, 409)
    t.match(late.body, 'Somebody else changed this after you opened it')
    t.match(late.body, new RegExp(`name="${field}" value="masked" checked`))
    t.equal(fieldsOf((await get(url)).body, action)[field], 'masked', 'and stays')
  }
  const form = fieldsOf((await get(`/settings/roles/${id}/data?of=2`)).body, `/settings/roles/${id}/data/2`)
  await submit(`/settings/roles/${id}/data?of=1`, `/settings/roles/${id}/data/1`, { all: 'full' })
  t.equal((await as({ method: 'POST', url: `/settings/roles/${id}/data/2`, form: { ...form, all: 'full' } })).statusCode, 303, 'another source is nobody\'s conflict')
})

t.test('of many columns one source is open, and a search finds them in all', async (t) => {
  const world = await openRoles(t)
  const { get, submit, roleId, db } = world
  const id = await roleId('Analyst')
  const names = Array.from({ length: 120 }, (_, index) => `measure_${index}`)
  await seed(world, { alias: 'Wide', key: { column: 'no' }, columns: [{ name: 'no', kind: 'ignore', type: 'text' }, ...names.map((name) => ({ name, kind: 'tag' as const, type: 'text' as const }))] }, `${['no', ...names].join(',')}\n${['W1', ...names].join(',')}\n`)
  const inputs = (html: string) => [...html.matchAll(/<input type="radio"/g)].length
  t.equal(inputs((await get(`/settings/roles/${id}/data?of=3`)).body), 360, 'three for each column of the one that is open')
  const closed = (await get(`/settings/roles/${id}/data?of=1`)).body
  t.match(closed, '120 hidden')
  t.notMatch(closed, 'measure_7')
  const found = await get(`/settings/roles/${id}/data?of=1&q=MEASURE_11`)
  t.match(found.body, '11 columns found')
  t.equal(inputs(found.body), 33, 'the first source in which something is found is opened')
  await submit(`/settings/roles/${id}/data?of=1&q=measure_11`, `/settings/roles/${id}/data/3`, { all: 'full' })
  t.equal((await db.selectFrom('column_grants').select('column_id').where('role_id', '=', id).where('level', '=', 'full').execute()).length, 11, '"All" is all that is found')
  t.match((await get(`/settings/roles/${id}/data?of=1&q=no+such+column`)).body, 'No column has this in its name.')
})
