import t from 'tap'
import { signInWith } from '../role.ts'
import { usersOn } from '../users/world.ts'
import { fieldsOf, openRoles } from './world.ts'

t.test('a condition on rows is put together in the form and holds when it is saved', async (t) => {
  const world = await openRoles(t)
  const { as, get, submit, roleId, entry, columns: c, db } = world
  const id = await roleId('Analyst')
  const { as: asAnalyst } = await signInWith(world, id)
  await submit(`/settings/roles/${id}/data?of=1`, `/settings/roles/${id}/data/1`, { all: 'full' })
  const sees = async () => usersOn(await get('/users?sort=user_id', asAnalyst))
  const url = `/settings/roles/${id}/rows/1`
  const press = async (form: Record<string, string | string[]>, more: Record<string, string | string[]>) => as({ method: 'POST', url, form: { ...form, ...more } })
  t.match((await get(`/settings/roles/${id}/rows`)).body, /Shop members<\/a><\/th>\s*<td class="cell-text">All rows/)

  let page = (await get(url)).body
  const open = await press(fieldsOf(page, url), { add: 'condition' })
  t.match(open.body, 'list="condition-fields"')
  t.match(open.body, '<option value="City">')
  t.match(open.body, '<option value="Likes">')
  for (const other of ['Language', 'Any tag', 'Any value', 'set by hand', 'OneID']) t.notMatch(open.body, `>${other}<`)
  t.notMatch(open.body, '"Language"', 'tags of other sources are not offered')
  const wrong = await press(fieldsOf(page, url), { add: '1', field: 'Language', operator: 'is', value: 'English' })
  t.equal(wrong.statusCode, 422)
  t.match(wrong.body, 'does not exist here')

  page = (await press(fieldsOf(page, url), { add: '1', field: 'City', operator: 'is', value: 'Berlin' })).body
  t.match(page, 'Not saved yet.')
  t.match(page, 'City is <b>Berlin</b>')
  t.same(await sees(), ['1', '2', '3', '4'], 'nothing holds before it is saved')
  page = (await press(fieldsOf(page, url), { add: '1', field: `tag:${c['1.likes']}`, operator: 'any', ticked: 'tea', value: '' })).body
  page = (await press(fieldsOf(page, url), { add: '1', field: 'Member level', operator: 'filled', value: '' })).body
  page = (await press(fieldsOf(page, url), { without: '3' })).body
  t.notMatch(page, 'Member level is not empty')
  const saved = await press(fieldsOf(page, url), { save: '1' })
  t.equal(saved.headers.location, `/settings/roles/${id}/rows`)
  t.same(await sees(), ['2'])
  t.match(await entry(), { kind: 'role', title: 'Role Analyst, rows of Shop members changed', source_id: 1, items: [['rows', 'all', 'City is Berlin and Likes contains any of tea']] })
  t.match((await get(`/settings/roles/${id}/rows`)).body, 'City is <b>Berlin</b> and Likes contains any of <b>tea</b>')

  const mine = fieldsOf((await get(url)).body, url)
  await press(fieldsOf((await get(url)).body, url), { where: '[]', save: '1', field: 'City', operator: 'is', value: 'Berlin' })
  t.same(await sees(), ['2', '4'], 'what was typed and not added is saved as well')
  t.same((await db.selectFrom('source_grants').select('row_condition').where('role_id', '=', id).where('source_id', '=', 1).executeTakeFirstOrThrow()).row_condition, { field: 'attribute:city', operator: 'is', values: ['Berlin'] })
  const late = await press(mine, { where: '[]', save: '1' })
  t.equal(late.statusCode, 409)
  t.match(late.body, 'Somebody else changed this')
  t.same(await sees(), ['2', '4'])
  t.equal((await press(fieldsOf((await get(url)).body, url), { where: '[]', save: '1', field: 'City', operator: 'is', value: '' })).statusCode, 422, 'nor is a condition that was begun forgotten')
  t.equal((await press(fieldsOf((await get(url)).body, url), { save: '1', field: 'Lifetime value', operator: 'range', value: 'much', to: '' })).statusCode, 422)
  for (const where of ['', 'nonsense', JSON.stringify([['noTag'], ['byHand', 'any'], ['id', 'is', '1'], [`tag:${c['2.lang']}`, 'is', 'English'], ['attribute:city', 'hand']])]) {
    t.equal((await press(fieldsOf((await get(url)).body, url), { where, save: '1' })).statusCode, 422)
    t.same(await sees(), ['2', '4'], `what no row can be asked is not taken, and opens nothing: ${where}`)
  }
  await press(fieldsOf((await get(url)).body, url), { where: '[]', save: '1' })
  t.same(await sees(), ['1', '2', '3', '4'])
  t.same((await entry()).items, [['rows', 'City is Berlin', 'all']])
})

t.test('the editor answers a new field and values of this source', async (t) => {
  const { get, roleId, columns: c } = await openRoles(t)
  const url = `/settings/roles/${await roleId('Analyst')}/rows/1`
  const editor = await get(`${url}/editor?field=Likes&operator=is`)
  t.match(editor.body, 'contains any of')
  t.match(editor.body, `hx-get="${url}/editor"`)
  t.match(editor.body, `hx-get="${url}/values?field=tag%3A${c['1.likes']}"`)
  t.notMatch(editor.body, 'set by hand')
  t.match((await get(`${url}/values?field=attribute:city&value=b`)).body, 'erlin')
  t.notMatch((await get(`${url}/values?field=tag:${c['2.lang']}&value=`)).body, 'English', 'of no other source')
  t.equal((await get(`/settings/roles/${await roleId('Analyst')}/rows/99`)).statusCode, 404)
})

t.test('a condition that cannot be asked any more is shown as such and can be replaced', async (t) => {
  const { get, as, roleId, db, entry } = await openRoles(t)
  const id = await roleId('Analyst')
  const url = `/settings/roles/${id}/rows/1`
  for (const condition of ['nonsense', { field: 'tag:9999', operator: 'is', values: ['x'] }]) {
    await db.insertInto('source_grants').values({ role_id: id, source_id: 1, otherwise: 'full', row_condition: JSON.stringify(condition) }).onConflict((on) => on.columns(['role_id', 'source_id']).doUpdateSet({ row_condition: JSON.stringify(condition) })).execute()
    t.match((await get(`/settings/roles/${id}/rows`)).body, 'This cannot be asked as it stands')
    const page = (await get(url)).body
    t.match(page, 'It lets no row through')
    t.equal((await as({ method: 'POST', url, form: { ...fieldsOf(page, url), save: '1' } })).statusCode, 303)
    t.equal((await db.selectFrom('source_grants').select('row_condition').where('role_id', '=', id).executeTakeFirstOrThrow()).row_condition, null)
    t.match((await entry()).items, [['rows', /could not be read|Unknown field is x/, 'all']])
  }
})
