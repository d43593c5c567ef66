import t, { type Test } from 'tap'
import type { LightMyRequestResponse } from 'fastify'
import { makeRole, signInWith } from '../role.ts'
import { fieldsOf, openRoles } from './world.ts'

t.test('who may change roles and is no administrator raises nobody above himself', async (t) => {
  const world = await openRoles(t)
  const { get, submit, columns: c, db } = world
  const berlin = { field: 'attribute:city', operator: 'is', values: ['Berlin'] }
  const secret = { field: `tag:${c['2.note']}`, operator: 'is', values: ['secret'] }
  const mine = await makeRole(world, { permissions: ['roles', 'user_360.view', 'history'], sources: { 1: { columns: { [c['1.mobile']!]: 'masked', [c['1.likes']!]: 'full' } }, 2: { columns: { [c['2.lang']!]: 'full' }, rowCondition: berlin } }, attributes: { name: 'masked', city: 'full' } })
  const theirs = await makeRole(world, { permissions: ['user_360.export'], sources: { 1: { columns: { [c['1.value']!]: 'full' } }, 2: { columns: { [c['2.note']!]: 'full' }, rowCondition: secret } }, attributes: { gender: 'full' } })
  const { id: operator, as } = await signInWith(world, mine)
  const post = (url: string, form: Record<string, string | string[]>) => as({ method: 'POST', url, form })
  const before = JSON.stringify(await everything())
  async function everything() {
    return Promise.all((['roles', 'source_grants', 'column_grants', 'attribute_grants', 'operator_roles'] as const).map((table) => db.selectFrom(table).selectAll().orderBy((table === 'roles' ? 'id' : table === 'operator_roles' ? 'operator_id' : 'role_id') as never).execute()))
  }
  const refuses = async (t: Test, answer: LightMyRequestResponse, says: string | RegExp, what: string) => {
    t.equal(answer.statusCode, 403, what)
    t.match(answer.body, says, what)
    t.equal(JSON.stringify(await everything()), before, `${what}: nothing was saved`)
  }

  await t.test('nothing of a role that he holds', async (t) => {
    const page = (await get(`/settings/roles/${mine}`, as)).body
    t.match(page, 'You hold this role yourself')
    t.notMatch(page, '>Save<')
    const seen = { seen: fieldsOf((await get(`/settings/roles/${mine}`)).body, `/settings/roles/${mine}/permissions`)['seen']! }
    for (const [path, form] of [['/permissions', { ...seen, permission: ['roles', 'user_360.view', 'history', 'user_360.export'] }], ['/data/1', { later: 'full' }], ['/data/attributes', { 'level-name': 'full' }], ['/rows/1', { save: '1', where: '[]' }], ['', { name: 'Mine' }], ['/deletion', {}]] as const) {
      await refuses(t, await post(`/settings/roles/${mine}${path}`, form as Record<string, string | string[]>), 'can be changed by an administrator only', path)
    }
    await refuses(t, await post('/settings/roles/1', { name: 'x' }), 'by an administrator only', 'the administrators\' role')
  })

  await t.test('no permission that he does not hold', async (t) => {
    const url = `/settings/roles/${theirs}`
    const page = (await get(url, as)).body
    t.match(page, /value="user_360.erase" disabled/)
    t.match(page, /value="user_360.export" checked disabled/, 'what he does not hold stays as it is')
    await refuses(t, await post(`${url}/permissions`, { seen: fieldsOf(page, `${url}/permissions`)['seen']!, permission: ['user_360.erase', 'operators'] }), 'User insight &gt; User list &gt; User 360 &gt; Erase; Configuration &gt; Operators', 'permissions')
  })

  await t.test('no column or attribute wider than he sees it, and he is told of no other', async (t) => {
    const url = `/settings/roles/${theirs}/data`
    const page = (await get(`${url}?of=1`, as)).body
    for (const other of ['Lifetime value', '"level-' + c['1.value'] + '"', 'key of the source', '4 users', 'Mobile']) t.notMatch(page, other)
    t.match(page, new RegExp(`name="level-${c['1.mobile']}" value="full" disabled`))
    const attributes = (await get(url, as)).body
    for (const other of ['Gender', 'level-gender']) t.notMatch(attributes, other)
    const seen = (html: string, action: string) => ({ seen: String(fieldsOf(html, action)['seen']) })
    await refuses(t, await post(`${url}/1`, { ...seen(page, `${url}/1`), [`level-${c['1.mobile']}`]: 'full' }), 'Shop members, mobile, in full', 'a column that he sees masked')
    await refuses(t, await post(`${url}/1`, { ...seen(page, `${url}/1`), later: 'masked' }), 'later columns of Shop members', 'columns that come later')
    await refuses(t, await post(`${url}/attributes`, { ...seen(attributes, `${url}/attributes`), 'level-name': 'full' }), 'Name in full', 'an attribute that he sees masked')
    await refuses(t, await post(`${url}/2`, { ...seen((await get(`${url}?of=2`, as)).body, `${url}/2`), [`level-${c['2.lang']}`]: 'full' }), 'rows of Mini-program that you do not see', 'a source of which he sees some rows')
    const hidden = await post(`${url}/1`, { ...seen(page, `${url}/1`), [`level-${c['1.no']}`]: 'full' })
    const never = await post(`${url}/1`, { ...seen(page, `${url}/1`), 'level-99999': 'full' })
    t.same([hidden.statusCode, hidden.headers.location], [never.statusCode, never.headers.location], 'a column that he does not see is as if it were not')
    t.equal(JSON.stringify(await everything()), before)
  })

  await t.test('no rows, and no condition on what he does not see', async (t) => {
    const url = `/settings/roles/${theirs}/rows`
    const page = (await get(url, as)).body
    t.match(page, 'A condition on data that you do not see.')
    t.notMatch(page, 'secret')
    const condition = (await get(`${url}/2`, as)).body
    t.match(condition, 'Only an administrator can change it.')
    t.notMatch(condition, 'secret')
    const word = String(fieldsOf((await get(`${url}/2`)).body, `${url}/2`)['seen'])
    await refuses(t, await post(`${url}/2`, { seen: word, where: '[]', save: '1' }), 'speaks of data that you do not see', 'a condition on hidden columns')
    const offered = (await get(`/settings/roles/${theirs}/rows/1/editor`, as)).body
    for (const other of ['Lifetime value', 'Gender', '"Name"']) t.notMatch(offered, other, 'nothing hidden or masked is offered')
    t.equal((await get(`/settings/roles/${theirs}/rows/1/values?field=tag:${c['1.value']}&value=`, as)).body.includes('12480'), false)
  })

  await t.test('no copy and no default of a role that gives more', async (t) => {
    const copy = await post('/settings/roles', { name: 'Mine too', description: '', from: String(theirs) })
    await refuses(t, copy, /User 360 &gt; Export; data that you do not see/, 'a copy')
    for (const other of ['Lifetime value', 'Note', 'Gender']) t.notMatch(copy.body, other)
    const form = fieldsOf((await get(`/settings/roles/${theirs}/edit`, as)).body, `/settings/roles/${theirs}`)
    await refuses(t, await post(`/settings/roles/${theirs}`, { ...form, isDefault: 'on' } as Record<string, string>), 'You can give no more', 'the default')
    await refuses(t, await post(`/see-as/${theirs}`, {}), 'Only administrators can look', 'seeing as')
  })

  await t.test('but what he holds he can give, and anything he sees he can take', async (t) => {
    const made = await post('/settings/roles', { name: 'Assistant', description: '' })
    const url = String(made.headers.location)
    t.match(url, /^\/settings\/roles\/\d+$/)
    t.equal((await submit(url, `${url}/permissions`, { permission: ['user_360.view'] }, as)).statusCode, 303)
    t.equal((await submit(`${url}/data?of=1`, `${url}/data/1`, { [`level-${c['1.mobile']}`]: 'masked', [`level-${c['1.likes']}`]: 'full' }, as)).statusCode, 303)
    t.equal((await submit(`${url}/data`, `${url}/data/attributes`, { 'level-city': 'full', 'level-name': 'masked' }, as)).statusCode, 303)
    const rows = fieldsOf((await get(`${url}/rows/1`, as)).body, `${url}/rows/1`)
    t.equal((await post(`${url}/rows/1`, { ...rows, save: '1', field: 'City', operator: 'is', value: 'Berlin' } as Record<string, string>)).statusCode, 303)
    const { as: asAssistant } = await signInWith(world, Number(url.split('/').at(-1)))
    const list = (await get('/users', asAssistant)).body
    t.match(list, '139****0002')
    t.notMatch(list, '138****5678')
    t.equal((await submit(`/settings/roles/${theirs}/data?of=1`, `/settings/roles/${theirs}/data/1`, { all: 'hidden' }, as)).statusCode, 303)
    t.match(await db.selectFrom('column_grants').select('level').where('role_id', '=', theirs).where('column_id', '=', c['1.value']!).executeTakeFirst(), { level: 'full' }, 'what he does not see stays')
    t.ok(operator)
  })
})

