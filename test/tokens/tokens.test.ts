import { request as httpRequest } from 'node:http'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { openLog } from '../../src/log.ts'
import { setDisabled } from '../../src/operators/queries/accounts.ts'
import { setRoles } from '../../src/operators/queries.ts'
import { bearerOf } from '../api/bearer.ts'
import { build, type TestApp } from '../helper.ts'
import { makeRole, signInWith, type Send } from '../role.ts'
import { makeWorld } from '../users/world.ts'

const secretIn = (body: string) => /data-copy="(u360_[\w-]{43})"/.exec(body)?.[1] ?? ''
const make = async (as: Send, form: Record<string, string | string[]>) => as({ method: 'POST', url: '/tokens', form: { name: 'Shop', days: '30', permission: ['user_360.view'], ...form } })
const ask = (world: TestApp, secret: string, url = '/api/v1/users/1') => world.app.inject({ url, headers: { authorization: `Bearer ${secret}` } })

t.test('a token is shown once, works until it is withdrawn, and is kept as a hash', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const made = await make(world.as, {})
  const secret = secretIn(made.body)
  t.match(secret, /^u360_/)
  t.equal(made.headers['cache-control'], 'no-store')
  const again = (await world.as({ url: '/tokens' })).body
  t.notMatch(again, secret.slice(0, 20), 'it is not shown again')
  t.match(again, secret.slice(0, 11), 'but how it begins')
  t.match(again, /<span class="quiet">never<\/span>/, 'it was never used')
  const kept = JSON.stringify((await world.pool.query('select * from tokens')).rows)
  t.notOk(kept.includes(secret.slice(12)), 'the database does not hold it')
  t.notOk(JSON.stringify((await world.pool.query('select * from history_entries join history_items on entry_id = id')).rows).includes(secret.slice(12)), 'nor does the history')

  t.match((await ask(world, secret)).json(), { id: '1' })
  t.notMatch((await world.as({ url: '/tokens' })).body, /<span class="quiet">never<\/span>/, 'the page says that it was used')
  const other = `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`
  for (const wrong of [other, secret.slice(0, -1), 'u360_x', 'x', '']) t.equal((await ask(world, wrong)).statusCode, 401, `“${wrong.slice(0, 12)}…”`)

  const { id } = await world.db.selectFrom('tokens').select('id').executeTakeFirstOrThrow()
  await world.as({ method: 'POST', url: `/tokens/${id}/withdrawal` })
  const refused = await ask(world, secret)
  t.equal(refused.statusCode, 401)
  t.equal(refused.headers['www-authenticate'], 'Bearer')
  t.match(refused.json(), { type: '/api#problem-no-token', status: 401, detail: 'This token was withdrawn.' })
  t.equal((await world.as({ method: 'POST', url: `/tokens/${id}/withdrawal` })).statusCode, 404, 'twice is once')
})

t.test('what is typed is looked at, and nobody gives more than they hold', async (t) => {
  const world = await build(t)
  const { as } = await signInWith(world, await makeRole(world, { permissions: ['tokens', 'imports'] }))
  for (const [form, words] of [[{ name: '' }, 'Say what it is for'], [{ name: 'x'.repeat(81) }, 'At most 80 characters'], [{ days: '366' }, 'Choose for how long'], [{ permission: [] }, 'Choose at least one thing'], [{ permission: ['nothing'] }, 'Choose at least one thing'], [{ permission: ['user_360.view'] }, 'You can only give what you hold yourself']] as const) {
    const answer = await make(as, form as Record<string, string>)
    t.equal(answer.statusCode, 422, words)
    t.match(answer.body, words)
  }
  t.equal((await make(as, { permission: ['imports'] })).statusCode, 200)
  t.notMatch((await as({ url: '/tokens' })).body, 'value="user_360.view"', 'what they do not hold is not offered')
  t.equal((await world.pool.query('select from tokens')).rowCount, 1)
})

t.test('a token does what it was given as long as its operator holds it', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const role = await makeRole(world, { permissions: ['user_360.view', 'imports'], sources: { 1: { otherwise: 'full' }, 2: { otherwise: 'full' } }, otherAttributes: 'full' })
  const { id } = await signInWith(world, role)
  const [viewing, importing] = [await bearerOf(world, id, ['user_360.view']), await bearerOf(world, id, ['imports', 'user_360.edit'])]
  t.equal((await viewing.send({ url: '/api/v1/users/1' })).statusCode, 200)
  t.equal((await importing.send({ url: '/api/v1/users/1' })).statusCode, 403, 'the operator may, this token may not')
  await setRoles(world.db, id, [await makeRole(world, { permissions: ['imports'] })])
  t.equal((await viewing.send({ url: '/api/v1/users/1' })).statusCode, 403, 'the operator may not any more')
  await setRoles(world.db, id, [role])
  t.equal((await viewing.send({ url: '/api/v1/users/1' })).statusCode, 200, 'and again')

  await world.pool.query('update operators set signed_out_at = now() where id = $1', [id])
  t.equal((await viewing.send({ url: '/api/v1/users/1' })).statusCode, 200, 'signing out everywhere ends sessions, not tokens')
  await world.pool.query('update operators set must_change_password = true where id = $1', [id])
  t.match((await viewing.send({ url: '/api/v1/users/1' })).json(), { status: 401, detail: /must change their password/ })
  await world.pool.query('update operators set must_change_password = false where id = $1', [id])
  await world.pool.query('update roles set needs_two_step = true where id = $1', [role])
  await world.pool.query('update catalog_state set version = version + 1')
  t.match((await viewing.send({ url: '/api/v1/users/1' })).json(), { status: 401, detail: /two-step/ })
  await world.pool.query('update operators set two_step_at = now() where id = $1', [id])
  t.equal((await viewing.send({ url: '/api/v1/users/1' })).statusCode, 200)
  await setDisabled(world.db, id, true)
  t.match((await viewing.send({ url: '/api/v1/users/1' })).json(), { status: 401, detail: /switched off/ })
  await setDisabled(world.db, id, false)
  await world.pool.query(`update tokens set expires_at = now() - interval '1 second' where id = $1`, [viewing.id])
  t.match((await viewing.send({ url: '/api/v1/users/1' })).json(), { status: 401, detail: /expired/ })
})

t.test('administrators see and withdraw tokens of others, nobody else does', async (t) => {
  const world = await build(t)
  const role = await makeRole(world, { permissions: ['tokens', 'imports'] })
  const [zhao, wang] = [await signInWith(world, role), await signInWith(world, role)]
  await make(zhao.as, { name: 'Zhao’s program', permission: ['imports'] })
  const { id } = await world.db.selectFrom('tokens').select('id').executeTakeFirstOrThrow()
  t.notMatch((await wang.as({ url: '/tokens' })).body, 'Zhao’s program')
  t.notMatch((await wang.as({ url: '/tokens' })).body, 'Tokens of others')
  const [hidden, never] = [await wang.as({ method: 'POST', url: `/tokens/${id}/withdrawal` }), await wang.as({ method: 'POST', url: '/tokens/999/withdrawal' })]
  t.equal(hidden.statusCode, 404)
  t.equal(hidden.body.replaceAll(/csrf[^>]*|[0-9a-f]{8}/g, ''), never.body.replaceAll(/csrf[^>]*|[0-9a-f]{8}/g, ''), 'as one that never was')
  t.match((await world.as({ url: '/tokens' })).body, /Tokens of others[\s\S]*Zhao’s program/)
  t.equal((await world.as({ method: 'POST', url: `/tokens/${id}/withdrawal` })).statusCode, 303)
  t.match(await world.db.selectFrom('history_entries').selectAll().orderBy('id', 'desc').executeTakeFirst(), { kind: 'token', title: 'Token Zhao’s program of Zhao Min withdrawn', operator_name: 'Lin Yating' })
})

t.test('through a real socket: a token opens, a cookie does not, and no line of the log holds the secret', async (t) => {
  const lines = new PassThrough()
  let logged = ''
  lines.on('data', (chunk) => { logged += String(chunk) })
  const world = await build(t, { logger: openLog('trace', lines), apiLimit: { requests: 4, seconds: 40 } })
  await makeWorld(world)
  const { secret } = await bearerOf(world, 1)
  const address = new URL(await world.app.listen({ port: 0, host: '127.0.0.1' }))
  const get = (headers: Record<string, string>) => new Promise<{ status: number; head: NodeJS.Dict<string | string[]>; body: string }>((resolve, reject) => {
    httpRequest({ host: address.hostname, port: address.port, path: '/api/v1/users/1', headers }, (answer) => {
      let body = ''
      answer.on('data', (chunk) => { body += String(chunk) }).on('end', () => resolve({ status: answer.statusCode ?? 0, head: answer.headers, body }))
    }).on('error', reject).end()
  })
  const answer = await get({ authorization: `Bearer ${secret}` })
  t.equal(answer.status, 200)
  t.equal(answer.head['set-cookie'], undefined, 'no session is made')
  t.equal(answer.head['cache-control'], 'no-store')
  const page = await fetch(new URL('/sign-in', address))
  t.equal((await get({ cookie: String(page.headers.get('set-cookie')) })).status, 401)
  for (let more = 0; more < 3; more++) t.equal((await get({ authorization: `Bearer ${secret}` })).status, 200)
  const tooMany = await get({ authorization: `Bearer ${secret}` })
  t.equal(tooMany.status, 429)
  t.match(tooMany.head['retry-after'], /^(9|10)$/, 'says when there is room for one more')
  t.match(JSON.parse(tooMany.body), { type: '/api#problem-too-many', detail: 'This token may ask 4 times in 40 seconds.' })
  const other = await bearerOf(world, 1)
  t.equal((await get({ authorization: `Bearer ${other.secret}` })).status, 200, 'another token has a limit of its own')
  t.ok(logged.includes('/api/v1/users/1'), 'requests are logged')
  t.notOk(logged.includes(secret.slice(12)) || logged.includes(other.secret.slice(12)), 'secrets are not')
})
