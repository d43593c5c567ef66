import t from 'tap'
import { addOperators } from '../../src/operators/add-operators.ts'
import { changeOperator } from '../../src/operators/change-operator.ts'
import { hashPassword } from '../../src/operators/passwords.ts'
import { insertOperator } from '../../src/operators/queries.ts'
import { switchOperator } from '../../src/operators/switch-operator.ts'
import { build, signInAs, type TestApp } from '../helper.ts'
import { makeRole, signInWith, type Send } from '../role.ts'
import { columnIds, makeWorld } from '../users/world.ts'

const post = (as: Send, url: string, form: Record<string, string | string[]> = {}) => as({ method: 'POST', url, form })
const rolesOf = async ({ db }: TestApp, id: number) => (await db.selectFrom('operator_roles').select('role_id').where('operator_id', '=', id).orderBy('role_id').execute()).map((row) => row.role_id)

async function anotherAdministrator(world: TestApp): Promise<{ id: number; as: Send }> {
  const id = await insertOperator(world.db, { email: 'chen@example.com', name: 'Chen Wei', passwordHash: await hashPassword('six green cups of tea'), mustChangePassword: false, roleIds: [1] })
  return { id, as: await signInAs(world.app, 'chen@example.com', 'six green cups of tea') }
}

t.test('who only has the permission Operators cannot raise himself', async (t) => {
  const world = await build(t)
  const keeper = await makeRole(world, { permissions: ['operators', 'user_360.view'] })
  const small = await makeRole(world, { permissions: ['user_360.view'] })
  const exporter = await makeRole(world, { permissions: ['user_360.view', 'user_360.export'] })
  const me = await signInWith(world, keeper)
  const [weak, strong] = [await signInWith(world, small), await signInWith(world, exporter)]

  const page = (await me.as({ url: '/settings/operators/new' })).body
  for (const [role, offered] of [[keeper, true], [small, true], [exporter, false], [1, false], [2, false]] as const) t.equal(page.includes(`name="role" value="${role}"`), offered, `role ${role}`)
  t.match(page, '4 roles that may do or see more than yours are not listed: an administrator can give them.')

  for (const role of [exporter, 1]) {
    const forms: [string, Record<string, string | string[]>][] = [
      ['/settings/operators/new', { name: 'X', email: 'x@example.com', role: String(role) }], ['/settings/operators/new/many', { people: 'x@example.com', role: [String(small), String(role)] }],
      [`/settings/operators/${me.id}`, { name: 'Me', email: me.email, role: [String(keeper), String(role)] }], [`/settings/operators/${weak.id}`, { name: 'Weak', email: weak.email, role: String(role) }]
    ]
    for (const [url, form] of forms) {
      const answer = await post(me.as, url, form)
      t.equal(answer.statusCode, 403, url)
      t.match(answer.body, 'Only an administrator can give or take the role Administrator, and roles that may do or see more than your own.')
    }
  }
  t.same([await rolesOf(world, me.id), await rolesOf(world, weak.id)], [[keeper], [small]])
  t.notOk(await world.db.selectFrom('operators').select('id').where('email', '=', 'x@example.com').executeTakeFirst())

  for (const account of [1, strong.id]) {
    const view = (await me.as({ url: `/settings/operators/${account}` })).body
    t.match(view, 'Only an administrator can change this account')
    t.notMatch(view, /<form method="post" action="\/settings\/operators/, 'nothing is offered')
    for (const [act, form] of [['', { name: 'X', email: 'x@example.com', role: String(small) }], ['/removal', {}], ['/invitations', {}], ['/switch', {}], ['/sign-out', {}], ['/two-step-reset', {}]] as const) t.equal((await post(me.as, `/settings/operators/${account}${act}`, form)).statusCode, 403, `${account}${act}`)
  }
  t.equal((await post(me.as, `/settings/operators/${weak.id}/invitations`)).statusCode, 200, 'who may do less can be helped')
  t.equal((await post(me.as, `/settings/operators/${weak.id}/two-step-reset`)).statusCode, 403, 'but two-step sign-in is reset by administrators')
  t.equal((await strong.as({ url: '/users' })).statusCode, 200, 'nobody was signed out')
})

t.test('what a role sees counts as what it may do', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const columns = await columnIds(world)
  const permissions = ['operators', 'user_360.view'] as const
  const city = { operator: 'is', field: 'attribute:city', value: '杭州市' }
  const likes = { [columns['1.likes']!]: 'masked' as const }
  const own = await makeRole(world, { permissions, sources: { 1: { columns: likes, rowCondition: city } }, attributes: { city: 'full', name: 'masked' } })
  const me = await signInWith(world, own)
  const cases: [string, Parameters<typeof makeRole>[1], boolean][] = [
    ['the same', { permissions, sources: { 1: { columns: likes, rowCondition: city } }, attributes: { name: 'masked' } }, true], ['nothing', {}, true],
    ['a column in full', { sources: { 1: { columns: { [columns['1.likes']!]: 'full' }, rowCondition: city } } }, false], ['another column', { sources: { 1: { columns: { [columns['1.value']!]: 'masked' }, rowCondition: city } } }, false],
    ['later columns', { sources: { 1: { otherwise: 'masked', columns: likes, rowCondition: city } } }, false], ['all rows', { sources: { 1: { columns: likes } } }, false],
    ['another source', { sources: { 2: { otherwise: 'masked' } } }, false], ['an attribute in full', { attributes: { name: 'full' } }, false]
  ]
  for (const [what, role, given] of cases) {
    const id = await makeRole(world, role)
    t.equal((await post(me.as, '/settings/operators/new/many', { people: `${id}@example.com`, role: String(id) })).statusCode, given ? 200 : 403, what)
  }
})

t.test('the last administrator who can sign in stays one', async (t) => {
  const world = await build(t)
  const demote = await post(world.as, '/settings/operators/1', { name: 'Lin Yating', email: 'admin@example.com', role: '2' })
  t.equal(demote.statusCode, 422)
  t.match(demote.body, /id="role-error">.+This is the last administrator who can sign in/)
  t.same(await rolesOf(world, 1), [1], 'nothing was changed')
  await addOperators(world.db, 1, [{ name: 'New', email: 'new@example.com' }], [1])
  t.equal((await post(world.as, '/settings/operators/1', { name: 'Lin Yating', email: 'admin@example.com', role: '2' })).statusCode, 422, 'one who never set a password does not count')

  const chen = await anotherAdministrator(world)
  const both = await Promise.allSettled([switchOperator(world.db, 1, chen.id, false), switchOperator(world.db, chen.id, 1, false)])
  t.match(both.find(({ status }) => status === 'rejected'), { reason: { message: /^Your own account was switched off meanwhile/ } }, 'of two who switch each other off one is too late')
  t.equal((await world.db.selectFrom('operators').select('id').where('disabled_at', 'is', null).where('password_hash', 'is not', null).execute()).length, 1)
})

t.test('two administrators who demote each other, and themselves', async (t) => {
  const world = await build(t)
  const chen = await anotherAdministrator(world)
  const demotion = (email: string) => ({ name: 'X', email, roleIds: [2] })
  const [ofLin, ofChen] = [demotion('admin@example.com'), demotion('chen@example.com')]
  const others = await Promise.allSettled([changeOperator(world.db, 1, chen.id, ofChen), changeOperator(world.db, chen.id, 1, ofLin)])
  t.match(others.find(({ status }) => status === 'rejected'), { reason: { message: /^Your roles do not include this any more/ } })
  const administrators = async () => (await world.db.selectFrom('operator_roles').select('operator_id').where('role_id', '=', 1).execute()).length
  t.equal(await administrators(), 1)
  await world.db.insertInto('operator_roles').values([1, chen.id].map((operator_id) => ({ operator_id, role_id: 1 }))).onConflict((conflict) => conflict.doNothing()).execute()
  const selves = await Promise.allSettled([changeOperator(world.db, 1, 1, ofLin), changeOperator(world.db, chen.id, chen.id, ofChen)])
  t.match(selves.find(({ status }) => status === 'rejected'), { reason: { message: /^This is the last administrator/ } })
  t.equal(await administrators(), 1)
})

t.test('looking through the eyes of a role changes no account', async (t) => {
  const world = await build(t)
  const keeper = await makeRole(world, { permissions: ['operators'] })
  await world.pool.query(`update sessions set sess = jsonb_set(sess::jsonb, '{seeingAs}', '${keeper}')::json`)
  t.notMatch((await world.as({ url: '/settings/operators/new' })).body, 'name="role" value="1"', 'it is offered what the role is')
  t.equal((await post(world.as, '/settings/operators/new', { name: 'X', email: 'x@example.com', role: String(keeper) })).statusCode, 403)
})
