import t from 'tap'
import { fieldsOf, openRoles } from './world.ts'

t.test('roles are added, copied, named, made the default and deleted', async (t) => {
  const { as, get, submit, roleId, entry, version, db, columns: c } = await openRoles(t)
  const analyst = await roleId('Analyst')
  const first = await get('/settings/roles')
  t.equal(first.headers.location, `/settings/roles/${analyst}`, 'the default role is shown first')
  const page = await get(`/settings/roles/${analyst}`)
  t.match(page.body, 'default for new operators')
  t.match(page.body, /User 360<\/strong> <span class="count">5 of 8/)
  t.match(page.body, 'Holds at once for 0 operators.')

  const before = await version()
  const added = await as({ method: 'POST', url: '/settings/roles', form: { name: ' Store   adviser ', description: 'In a shop' } })
  const adviser = await roleId('Store adviser')
  t.equal(added.headers.location, `/settings/roles/${adviser}`)
  t.not(await version(), before, 'a change holds at once')
  t.match(await entry(), { kind: 'role', title: 'Role Store adviser added', items: [['name', null, 'Store adviser'], ['description', null, 'In a shop']] })
  for (const [name, message] of [['store ADVISER', 'Another role has this name.'], ['', 'Type a name.'], ['x'.repeat(81), 'at most 80']] as const) {
    const again = await as({ method: 'POST', url: '/settings/roles', form: { name, description: '' } })
    t.equal(again.statusCode, 422)
    t.match(again.body, message)
  }

  await submit(`/settings/roles/${adviser}/edit`, `/settings/roles/${adviser}`, { name: 'Adviser', isDefault: 'on', needsTwoStep: 'on' })
  t.match(await db.selectFrom('roles').selectAll().where('is_default', '=', true).execute(), [{ id: adviser, name: 'Adviser', description: 'In a shop', needs_two_step: true }])
  t.same((await entry()).items, [['name', 'Store adviser', 'Adviser'], ['default for new operators', 'Analyst', 'Adviser'], ['needs two-step sign-in', false, true]])

  await submit(`/settings/roles/${adviser}`, `/settings/roles/${adviser}/permissions`, { permission: ['user_360.view', 'nonsense'] })
  await submit(`/settings/roles/${adviser}/data?of=1`, `/settings/roles/${adviser}/data/1`, { [`level-${c['1.mobile']}`]: 'masked', later: 'masked' })
  await submit(`/settings/roles/${adviser}/data`, `/settings/roles/${adviser}/data/attributes`, { 'level-city': 'full' })
  await as({ method: 'POST', url: '/settings/roles', form: { ...fieldsOf((await get(`/settings/roles/new?from=${adviser}`)).body, '/settings/roles') } })
  const copy = await roleId('Adviser (copy)')
  t.same((await db.selectFrom('roles').select(['permissions', 'is_default', 'needs_two_step']).where('id', '=', copy).executeTakeFirst()), { permissions: ['user_360.view'], is_default: false, needs_two_step: false })
  for (const table of ['column_grants', 'attribute_grants', 'source_grants'] as const) {
    const of = async (id: number) => (await db.selectFrom(table).selectAll().where('role_id', '=', id).execute()).map(({ role_id: _role, ...rest }) => rest)
    t.strictSame(await of(copy), await of(adviser), table)
    t.ok((await of(copy)).length > 0)
  }

  const refused = await as({ method: 'POST', url: `/settings/roles/${adviser}/deletion`, form: {} })
  t.equal(refused.statusCode, 409)
  t.match(refused.body, 'New operators get this role')
  const { id: operator } = await db.selectFrom('operators').select('id').executeTakeFirstOrThrow()
  await db.insertInto('operator_roles').values({ operator_id: operator, role_id: copy }).execute()
  t.match((await get(`/settings/roles/${copy}/deletion`)).body, '1 operator holds this role')
  t.notMatch((await get(`/settings/roles/${copy}/deletion`)).body, 'Delete the role')
  t.match((await get(`/settings/roles/${copy}/operators`)).body, 'admin@example.com')
  t.equal((await as({ method: 'POST', url: `/settings/roles/${copy}/deletion`, form: {} })).statusCode, 409)
  await db.deleteFrom('operator_roles').where('role_id', '=', copy).execute()
  t.equal((await as({ method: 'POST', url: `/settings/roles/${copy}/deletion`, form: {} })).statusCode, 303)
  const gone = await entry()
  t.equal(gone.title, 'Role Adviser (copy) deleted')
  t.match(gone.items, [['name', 'Adviser (copy)', null], ['description', 'In a shop', null], ['User insight > User list > User 360 > View', true, false], ['City', 'full', null], ['Shop members, mobile', 'masked', null], ['Shop members, later columns', 'masked', null]])
  t.equal((await get(`/settings/roles/${copy}`)).statusCode, 404)
  t.same(await db.selectFrom('column_grants').selectAll().where('role_id', '=', copy).execute(), [])
})

t.test('the Administrator role may do everything and stays', async (t) => {
  const { as, get, db } = await openRoles(t)
  const page = await get('/settings/roles/1')
  t.match(page.body, 'That cannot be changed')
  t.notMatch(page.body, /value="user_360.export"(?![^>]*checked)/)
  t.notMatch(page.body, '>Save<')
  t.notMatch((await get('/settings/roles/1/data?of=1')).body, /type="radio"[^>]*value="full"(?![^>]*checked)/)
  t.match((await get('/settings/roles/1/rows')).body, 'All rows')
  for (const url of ['/settings/roles/1/permissions', '/settings/roles/1/data/1', '/settings/roles/1/data/attributes', '/settings/roles/1/rows/1', '/settings/roles/1/deletion']) {
    t.equal((await as({ method: 'POST', url, form: { save: '1', where: '[]' } })).statusCode, 409, url)
  }
  t.equal((await get('/settings/roles/new?from=1')).statusCode, 404, 'there is no copy of it')
  t.equal((await as({ method: 'POST', url: '/settings/roles', form: { name: 'Second', from: '1' } })).statusCode, 404)
  const edit = fieldsOf((await get('/settings/roles/1/edit')).body, '/settings/roles/1')
  await as({ method: 'POST', url: '/settings/roles/1', form: { ...edit, name: 'Nobody', isDefault: 'on', needsTwoStep: 'on' } })
  t.match(await db.selectFrom('roles').selectAll().where('id', '=', 1).executeTakeFirst(), { name: 'Administrator', administrator: true, is_default: false, needs_two_step: true }, 'but that its holders need two steps to sign in can be said')
})

t.test('permissions are saved together, and whoever is late is told', async (t) => {
  const { as, get, submit, roleId, entry, db } = await openRoles(t)
  const id = await roleId('Developer')
  const [url, action] = [`/settings/roles/${id}`, `/settings/roles/${id}/permissions`]
  const mine = fieldsOf((await get(url)).body, action)
  const theirs = fieldsOf((await get(url)).body, action)
  t.ok((mine['permission'] as string[]).includes('sources'))
  t.equal((await as({ method: 'POST', url: action, form: { ...theirs, permission: [...theirs['permission'] as string[], 'user_360.export'] } })).statusCode, 303)
  t.same((await entry()).items, [['User insight > User list > User 360 > Export', false, true]])
  const late = await as({ method: 'POST', url: action, form: { ...mine, permission: ['user_360.view'] } })
  t.equal(late.statusCode, 409)
  t.match(late.body, 'Somebody else changed this after you opened it')
  t.match(late.body, /value="user_360.export" checked/, 'what stands now is shown')
  t.ok((await db.selectFrom('roles').select('permissions').where('id', '=', id).executeTakeFirstOrThrow()).permissions.includes('imports'), 'and nothing is lost')
  t.equal((await as({ method: 'POST', url: action, form: fieldsOf(late.body, action) })).statusCode, 303, 'from there it goes on')
  const entries = await db.selectFrom('history_entries').select('id').execute()
  await submit(url, action)
  t.equal((await db.selectFrom('history_entries').select('id').execute()).length, entries.length, 'nothing changed, nothing recorded')

  await db.updateTable('roles').set({ permissions: ['user_360.view', 'later.view'] }).where('id', '=', id).execute()
  await submit(url, action, { permission: ['tags.view'] })
  t.same((await db.selectFrom('roles').select('permissions').where('id', '=', id).executeTakeFirstOrThrow()).permissions, ['tags.view', 'later.view'], 'a permission of another version of the console is kept')

  const details = fieldsOf((await get(`${url}/edit`)).body, url)
  await submit(`${url}/edit`, url, { name: 'Engineer' })
  const lateName = await as({ method: 'POST', url, form: { ...details, name: 'Builder' } })
  t.equal(lateName.statusCode, 409)
  t.match(lateName.body, 'value="Engineer"')
})

t.test('of several at the same moment each change is whole', async (t) => {
  const { as, get, roleId, db } = await openRoles(t)
  const id = await roleId('Developer')
  const [url, action] = [`/settings/roles/${id}`, `/settings/roles/${id}/permissions`]
  const form = fieldsOf((await get(url)).body, action)
  const statuses = await Promise.all(['user_360.export', 'user_360.erase', 'history', 'jobs'].map(async (permission) => (await as({ method: 'POST', url: action, form: { ...form, permission: [permission] } })).statusCode))
  t.same(statuses.toSorted(), [303, 409, 409, 409])
  t.equal((await db.selectFrom('roles').select('permissions').where('id', '=', id).executeTakeFirstOrThrow()).permissions.length, 1)
  const makeDefault = await Promise.all(['Developer', 'Analyst'].map(async (name) => {
    const at = `/settings/roles/${await roleId(name)}`
    return (await as({ method: 'POST', url: at, form: { ...fieldsOf((await get(`${at}/edit`)).body, at), isDefault: 'on' } })).statusCode
  }))
  t.ok(makeDefault.every((status) => status === 303 || status === 409))
  t.equal((await db.selectFrom('roles').select('id').where('is_default', '=', true).execute()).length, 1)
})
