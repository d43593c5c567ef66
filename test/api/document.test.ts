import t from 'tap'
import { build } from '../helper.ts'
import { read } from '../source.ts'
import { makeWorld } from '../users/world.ts'
import { bearerOf } from './bearer.ts'
import { misfitOf, readDocument } from './fits.ts'

t.test('the document is OpenAPI 3.1, whole, and names every route', async (t) => {
  const world = await build(t)
  const document = await readDocument(world)
  t.equal(document.openapi, '3.1.0')
  const routes = Object.keys(JSON.parse(read('test/routes.json')) as object).filter((route) => route.includes('/api/v1/') && !route.endsWith('/openapi.json')).map((route) => route.replaceAll(/:(\w+)/g, '{$1}'))
  const described = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
  t.same(described.toSorted(), routes.toSorted(), 'neither more nor less than there is')

  const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })))
  const ids = operations.map(({ operationId }) => operationId)
  t.same(ids, [...new Set(ids)], 'each operation has a name of its own')
  for (const { operationId, path, method, parameters = [], requestBody, responses, tags, summary } of operations) {
    t.ok(tags.length === 1 && summary, `${operationId} says what it is`)
    t.same(parameters.filter((one) => one.in === 'path').map(({ name }) => name), [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]), `${operationId} has the parameters of its address`)
    t.ok(parameters.every((one) => one.schema && (one.in !== 'path' || one.required)), `${operationId}: each has a schema`)
    t.ok(responses['default']?.content?.['application/problem+json'], `${operationId} says what a problem looks like`)
    t.ok(Object.keys(responses).some((status) => status.startsWith('2')), `${operationId} says what it answers`)
    if (method === 'get') t.notOk(requestBody, `${operationId} has no body`)
    const writes = method !== 'get' && !['findUsers', 'queryUsers', 'countUsers'].includes(operationId)
    t.equal(parameters.some((one) => one.in === 'header' && one.name === 'Idempotency-Key'), writes, `${operationId} ${writes ? 'takes' : 'needs no'} Idempotency-Key`)
    for (const { schema } of Object.values(requestBody?.content ?? {})) if (schema.type === 'object') t.equal((schema as { additionalProperties?: boolean }).additionalProperties, false, `${operationId} takes nothing unknown`)
  }
  const text = JSON.stringify(document)
  const pointed = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!)
  t.same([...new Set(pointed)].filter((ref) => !(ref.replace('#/components/schemas/', '') in document.components.schemas)), [], 'whatever is pointed at is there')
  t.same(Object.keys(document.components.schemas).filter((name) => !pointed.includes(`#/components/schemas/${name}`)), [], 'and nothing else')
  t.notMatch(text, 'x-component')
})

t.test('the measure by which answers are held against the document finds what does not fit', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const { send } = await bearerOf(world, 1)
  const document = await readDocument(world)
  const answer = await send({ url: '/api/v1/users/1' })
  t.equal(misfitOf(document, 'GET', '/api/v1/users/1', answer), '')
  for (const change of [(user: Record<string, unknown>) => { delete user['sources'] }, (user: Record<string, unknown>) => { user['more'] = 1 }, (user: Record<string, unknown>) => { user['id'] = 1 }]) {
    const body = answer.json() as Record<string, unknown>
    change(body)
    t.not(misfitOf(document, 'GET', '/api/v1/users/1', { ...answer, statusCode: 200, headers: answer.headers, json: () => body } as never), '')
  }
  t.not(misfitOf(document, 'GET', '/api/v1/nothing', answer), '')
})

t.test('everything that goes wrong is a problem, and never a page or a trace', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const { send } = await bearerOf(world, 1)
  const kinds = { 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' }
  for (const [asked, status] of [
    [{ url: '/api/v1/nothing' }, 404], [{ url: '/api/v1' }, 404], [{ url: '/api/v1/users/777' }, 404], [{ url: '/api/v1/users/x' }, 422], [{ url: '/api/v1/users/%zz' }, 400], [{ method: 'PUT', url: '/api/v1/users/1' }, 404],
    [{ method: 'POST', url: '/api/v1/users/find', payload: '{', headers: { 'content-type': 'application/json' } }, 400], [{ method: 'POST', url: '/api/v1/users/find', payload: '', headers: { 'content-type': 'application/json' } }, 400],
    [{ method: 'POST', url: '/api/v1/users/find', payload: 'value=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415], [{ method: 'POST', url: '/api/v1/users/find', payload: '{"__proto__":{"x":1}}', headers: { 'content-type': 'application/json' } }, 400],
    [{ method: 'POST', url: '/api/v1/users/find', payload: JSON.stringify({ value: 'x'.repeat(5_000_000) }), headers: { 'content-type': 'application/json' } }, 413], [{ url: '/api/v1/users/1', headers: { authorization: 'Basic x' } }, 401]
  ] as const) {
    const answer = await send(asked as Parameters<typeof send>[0])
    t.match(answer.headers, kinds, `${asked.url} ${status}`)
    const problem = answer.json() as Record<string, unknown>
    t.match(problem, { status, type: /^\/api#problem-[a-z-]+$/, title: /./, detail: /./, instance: /^[0-9a-f]{8}$/ })
    t.equal(answer.statusCode, status)
    t.notMatch(answer.body, /node_modules|\.ts:|at async/)
  }
  await world.pool.query('alter table selections rename to selections_away')
  const error = await send({ method: 'POST', url: '/api/v1/taggings', json: { users: ['1'], field: `tag:${(await world.db.selectFrom('source_columns').select('id').where('name', '=', 'lang').executeTakeFirstOrThrow()).id}`, values: ['x'], policy: 'keep' } })
  t.match(error.json(), { status: 500, type: '/api#problem-failed' })
  t.notMatch(error.body, /selections/)
})

t.test('the page shows all of it, to who is signed in', async (t) => {
  const world = await build(t, { publicUrl: 'https://console.example.com' })
  const document = await readDocument(world)
  const page = (await world.as({ url: '/api' })).body
  for (const methods of Object.values(document.paths)) for (const { operationId, summary } of Object.values(methods)) t.ok(page.includes(`id="${operationId}"`) && page.includes(summary), operationId)
  for (const name of Object.keys(document.components.schemas)) t.ok(page.includes(`id="schema-${name}"`), name)
  t.match(page, /curl &#39;https:\/\/console\.example\.com\/api\/v1\/users\/find&#39;/)
  t.equal((await world.app.inject({ url: '/api' })).headers.location, '/sign-in?to=%2Fapi')
})
