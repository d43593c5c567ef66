import t from 'tap'
import { removeOperator } from '../../src/departures/remove-operator.ts'
import { resetPassword } from '../../src/operators/give-password.ts'
import { hashPassword } from '../../src/operators/passwords.ts'
import { insertOperator } from '../../src/operators/queries.ts'
import { bearerOf } from '../api/bearer.ts'
import { add } from '../audiences/world.ts'
import { build, signInAs, type TestApp } from '../helper.ts'
import { codeOf, keyIn, linksIn, recoveryCodesIn, signInBy, visitor } from '../operators/people.ts'
import { makeRole, signInWith, type Send } from '../role.ts'
import { plain, valueOf } from '../users/values.ts'
import { makeWorld } from '../users/world.ts'

const password = 'six green cups of tea'
const remove = (as: Send, id: number) => as({ method: 'POST', url: `/settings/operators/${id}/removal` })
const rowOf = ({ db }: TestApp, id: number) => db.selectFrom('operators').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const wide = { permissions: ['user_360.view', 'user_360.edit', 'user_360.export', 'audiences.view', 'audiences.manage', 'operators'], sources: { 1: { otherwise: 'full' } }, otherAttributes: 'full' } as const

t.test('before an operator is removed it is said what goes and what stays', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const zhao = await signInWith(world, await makeRole(world, wide))
  await bearerOf(world, zhao.id)
  for (const [name, shared] of [['Shared', true], ['Mine', false], ['Mine too', false]] as const) await add(world, name, { and: [] }, { operator: { id: zhao.id, name: 'Zhao Min' }, shared })
  await world.runJobs()
  await world.db.updateTable('sources').set({ created_by: zhao.id }).where('id', '=', 1).execute()
  await world.db.insertInto('schedules').values({ kind: 'import', subject_id: 1, schedule: '{"every":"day"}', operator_id: zhao.id }).execute()
  t.match((await world.as({ url: `/settings/operators/${zhao.id}` })).body, `href="/settings/operators/${zhao.id}/removal"`)
  const asked = plain((await world.as({ url: `/settings/operators/${zhao.id}/removal` })).body)
  for (const said of ['Remove Zhao Min?', '1 token of the API', `the account of ${zhao.email}`, 'under the name Zhao Min', '1 shared audience: it keeps', '2 private audiences: nobody sees them', '1 source that they made', '1 schedule of imports: it goes on']) t.match(asked.toLowerCase(), said.toLowerCase(), said)
  t.notMatch(asked, /Mine|jobs? under way|push/, 'private audiences are not named, and what is not there is not spoken of')
})

t.test('a removed operator is gone at every door, and known by name', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const role = await makeRole(world, wide)
  const zhao = await signInWith(world, role)
  await valueOf({ ...world, as: zhao.as }, '1', 'attribute:city').set('宁波市')
  const bearer = await bearerOf(world, zhao.id)
  const phone = visitor(world.app)
  await signInBy(phone, zhao.email, password)
  const key = keyIn((await phone.get('/two-step')).body)
  const codes = recoveryCodesIn((await phone.post('/two-step', { code: codeOf(key) })).body)
  const between = visitor(world.app)
  t.equal((await signInBy(between, zhao.email, password)).headers.location, '/sign-in/code')
  await between.get('/sign-in/code')
  const link = linksIn((await world.as({ method: 'POST', url: `/settings/operators/${zhao.id}/invitations` })).body)[0]!

  const answer = await remove(world.as, zhao.id)
  t.equal(answer.headers.location, '/settings/operators')
  t.match((await world.as({ url: '/settings/operators' })).body, 'Zhao Min was removed')
  t.notMatch((await world.as({ url: '/settings/operators' })).body, zhao.email, 'the list knows nobody of this address')
  const entry = await world.db.selectFrom('history_entries').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
  t.match(entry, { kind: 'operator', title: 'Operator Zhao Min removed', operator_id: 1 })
  t.match(await world.db.selectFrom('history_items').select(['column_name', 'old_value', 'new_value']).where('entry_id', '=', entry.id).orderBy('item').execute(), [{ column_name: 'e-mail', old_value: zhao.email, new_value: null }, { column_name: 'roles', new_value: null }, { column_name: 'tokens', old_value: 1 }])

  t.match((await phone.get('/users')).headers.location, /^\/sign-in/, 'sessions end')
  t.equal((await between.post('/sign-in/code', { code: codes[0]! })).statusCode, 403)
  t.equal((await between.get('/sign-in/code')).headers.location, '/sign-in', 'between the two steps as well')
  const refused = await signInBy(visitor(world.app), zhao.email, password)
  t.equal(refused.statusCode, 422)
  t.match(refused.body, 'The e-mail or the password is not right', 'as of an account that never was')
  t.equal((await world.app.inject({ url: link })).statusCode, 404, 'the link does not work')
  t.match((await bearer.send({ url: '/api/v1/users/1' })).json(), { status: 401 }, 'nor the token')
  t.match(await rowOf(world, zhao.id), { name: 'Zhao Min', password_hash: null, two_step_secret: null, removed_at: Date, disabled_at: Date })
  for (const table of ['invitations', 'recovery_codes', 'operator_roles'] as const) t.same(await world.db.selectFrom(table).selectAll().where('operator_id', '=', zhao.id).execute(), [], table)
  t.same(await world.db.selectFrom('sessions').select('sid').where((eb) => eb.cast<string>('sess', 'text'), 'like', `%"operatorId":${zhao.id}%`).execute(), [])

  t.equal((await world.as({ url: `/settings/operators/${zhao.id}` })).headers.location, `/settings/operators/${zhao.id}/removal`)
  t.match(plain((await world.as({ url: `/settings/operators/${zhao.id}/removal` })).body), 'Zhao Min was removed')
  for (const act of ['', '/switch', '/invitations', '/sign-out', '/two-step-reset', '/removal']) t.equal((await world.as({ method: 'POST', url: `/settings/operators/${zhao.id}${act}`, form: { name: 'X', email: 'x@example.com', role: String(role), on: 'on' } })).statusCode, 409, `nothing brings them back: ${act}`)
  await t.rejects(resetPassword(world.db, zhao.email), { message: /was removed on \d{4}-\d\d-\d\d, for good\. Use "add"/ })

  t.match(plain((await world.as({ url: '/settings/history' })).body), 'Zhao Min (removed)', 'the history is still asked by this name')
  t.match(plain((await world.as({ url: `/settings/history?operator=${zhao.id}` })).body), /Zhao Min/)
  t.match(plain((await world.as({ url: '/users/1' })).body), /Zhao Min/, 'and the value set by hand says it')
})

t.test('the address of a removed operator is free, and the new account begins with nothing', async (t) => {
  const world = await build(t)
  const zhao = await signInWith(world, 3)
  await removeOperator(world.db, 1, zhao.id)
  const added = await world.as({ method: 'POST', url: '/settings/operators/new', form: { name: 'Zhao Min', email: zhao.email.toUpperCase(), role: '2' } })
  t.match(added.body, '1 operator added')
  t.match(await world.db.selectFrom('operators as o').innerJoin('operator_roles as r', 'r.operator_id', 'o.id').select(['o.id', 'r.role_id']).where('o.name', '=', 'Zhao Min').execute(), [{ role_id: 2 }])
  const second = (await world.db.selectFrom('operators').select('id').where('removed_at', 'is', null).where('name', '=', 'Zhao Min').executeTakeFirstOrThrow()).id
  await removeOperator(world.db, 1, second)
  t.equal((await world.db.selectFrom('operators').select('id').where('removed_at', 'is not', null).execute()).length, 2, 'and is removed in turn')
})

t.test('nobody removes himself, the last administrator, or who may do more', async (t) => {
  const world = await build(t)
  const own = await world.as({ url: '/settings/operators/1' })
  t.notMatch(own.body, '/settings/operators/1/removal')
  const refused = await remove(world.as, 1)
  t.equal(refused.statusCode, 422)
  t.match(refused.body, 'Nobody can remove their own account')
  const keeper = await makeRole(world, { permissions: ['operators'] })
  const me = await signInWith(world, keeper)
  const page = await me.as({ url: '/settings/operators/1/removal' })
  t.match(page.body, 'Only an administrator can change this account')
  t.notMatch(page.body, 'Remove the operator</button>')
  t.equal((await remove(me.as, 1)).statusCode, 403)
  // One who may give the role Administrator and is none: the last one stays all the same.
  await world.db.updateTable('operators').set({ password_hash: null }).where('id', '=', 1).execute()
  const chen = await insertOperator(world.db, { email: 'chen@example.com', name: 'Chen Wei', passwordHash: await hashPassword(password), mustChangePassword: false, roleIds: [1] })
  const last = await remove(world.as, chen)
  t.equal(last.statusCode, 422)
  t.match(last.body, 'This is the last administrator who can sign in')
  t.match(await rowOf(world, chen), { removed_at: null })
})

t.test('of two administrators who remove each other at the same moment one is left', async (t) => {
  const world = await build(t)
  for (let round = 0; round < 5; round++) {
    const email = `chen${round}@example.com`
    const chen = await insertOperator(world.db, { email, name: 'Chen Wei', passwordHash: await hashPassword(password), mustChangePassword: false, roleIds: [1] })
    const wang = await insertOperator(world.db, { email: `wang${round}@example.com`, name: 'Wang Fang', passwordHash: await hashPassword(password), mustChangePassword: false, roleIds: [1] })
    const [byChen, byWang] = [await signInAs(world.app, email, password), await signInAs(world.app, `wang${round}@example.com`, password)]
    await world.db.updateTable('operators').set({ disabled_at: new Date() }).where('id', 'not in', [chen, wang]).execute()
    const answers = await Promise.all([remove(byChen, wang), remove(byWang, chen)])
    t.equal(answers.filter(({ headers }) => headers.location === '/settings/operators').length, 1, 'one was done')
    const left = await world.db.selectFrom('operators').select('id').where('id', 'in', [chen, wang]).where('removed_at', 'is', null).where('disabled_at', 'is', null).execute()
    t.equal(left.length, 1, 'and one is left')
  }
})
