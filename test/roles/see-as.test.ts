import t from 'tap'
import { makeRole, signInWith } from '../role.ts'
import { usersOn } from '../users/world.ts'
import { openRoles } from './world.ts'

t.test('an administrator looks through the eyes of a role, and changes nothing meanwhile', async (t) => {
  const world = await openRoles(t)
  const { as, get, entry, columns: c } = world
  const role = await makeRole(world, { permissions: ['user_360.view', 'user_360.edit', 'roles'], sources: { 1: { columns: { [c['1.likes']!]: 'full' } } }, attributes: { city: 'full' } })
  const other = await makeRole(world, { permissions: ['tags.view'] })
  const name = (await world.db.selectFrom('roles').select('name').where('id', '=', role).executeTakeFirstOrThrow()).name
  const post = (url: string, form = {}) => as({ method: 'POST', url, form })

  t.equal((await post(`/see-as/${role}`)).headers.location, '/users')
  t.match(await entry(), { kind: 'role', title: `Began to look through the eyes of the role ${name}` })
  const list = await get('/users?sort=user_id')
  t.same(usersOn(list), ['1', '2', '3', '4'])
  t.match(list.body, `through the eyes of the role <strong>${name}</strong>`)
  t.notMatch(list.body, '13812345678')
  for (const url of ['/users/1', '/settings', `/settings/roles/${role}`, '/nowhere', '/users/7']) t.match((await get(url)).body, 'class="seeing-as"', `marked on ${url}`)
  t.equal((await get('/users/7')).statusCode, 404)
  t.equal((await get('/settings/sources')).statusCode, 403)
  t.notMatch((await get(`/settings/roles/${role}`)).body, '>Save<')
  const edit = await as({ method: 'PATCH', url: '/users/1/fields/attribute:city', form: { value: 'Ulm' } })
  t.equal(edit.statusCode, 403)
  t.match(edit.body, 'You look through the eyes of the role')
  t.equal((await post(`/settings/roles/${role}/permissions`, { permission: 'jobs' })).statusCode, 403)

  t.equal((await post(`/see-as/${other}`)).headers.location, '/settings', 'from one role to another')
  t.equal((await get('/users')).statusCode, 403)
  t.equal((await post('/see-as/999')).statusCode, 404)
  const end = await post('/see-as/end')
  t.equal(end.headers.location, `/settings/roles/${other}`)
  t.match((await entry()).title, /^Stopped looking through the eyes of the role/)
  t.match((await get('/users')).body, '13812345678')
  t.notMatch((await get('/users')).body, 'seeing-as')
  t.equal((await post('/see-as/end')).statusCode, 303, 'stopping twice is no trouble')
})

t.test('a role that goes while it is looked through leaves the administrator as he is', async (t) => {
  const world = await openRoles(t)
  const role = await makeRole(world, { permissions: ['user_360.view'] })
  await world.as({ method: 'POST', url: `/see-as/${role}`, form: {} })
  await world.db.deleteFrom('roles').where('id', '=', role).execute()
  await world.pool.query('update catalog_state set version = version + 1')
  t.match((await world.get('/users')).body, '13812345678')
})

t.test('nobody else looks through the eyes of a role', async (t) => {
  const world = await openRoles(t)
  const role = await makeRole(world, { permissions: ['roles', 'operators'] })
  const { as } = await signInWith(world, role)
  for (const id of [role, 1, 999]) t.equal((await as({ method: 'POST', url: `/see-as/${id}`, form: {} })).statusCode, 403)
})
