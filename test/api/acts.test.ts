import t, { type Test } from 'tap'
import { openWorld, type World } from '../history/acts.ts'
import { bearerOf, type Bearer } from './bearer.ts'
import { misfitOf, readDocument } from './fits.ts'

type Asked = Parameters<Bearer['send']>[0]

async function open(t: Test) {
  const world = await openWorld(t)
  const bearer = await bearerOf(world, 1)
  const document = await readDocument(world)
  const latest = () => world.db.selectFrom('history_entries').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
  /** Asks, and holds the answer against the document. */
  const ask = async (method: string, path: string, asked: Omit<Asked, 'method' | 'url'> = {}) => {
    const answer = await bearer.send({ method: method as 'GET', url: `/api/v1${path}`, ...asked })
    t.equal(misfitOf(document, method, `/api/v1${path}`, answer), '', `${method} ${path} answers ${answer.statusCode} as the document says`)
    return answer
  }
  return { world, bearer, ask, latest }
}

const likes = (world: World) => `tag:${world.columns['1.likes']}`

t.test('a value is edited by hand, as on the page, and the history says that it was the API', async (t) => {
  const { world, bearer, ask, latest } = await open(t)
  const answer = await ask('PATCH', '/users/1', { json: { values: { 'attribute:city': 'Berlin', [`tag:${world.columns['1.value']}`]: '12.50', [`tag:${world.columns['1.updated']}`]: '2026-11-23T01:41:07.123456Z', [likes(world)]: ['tea', 'golf'] } } })
  t.match(answer.json(), { users: 1, job: null })
  t.match(await latest(), { id: answer.json().entry, kind: 'edit', operator_name: 'Lin Yating', token_id: bearer.id })
  const user = (await ask('GET', '/users/1')).json()
  const valueOf = (field: string) => [...user.attributes, ...user.sources.flatMap((source: { tags: object[] }) => source.tags)].find((one: { field: string }) => one.field === field)
  t.match(valueOf('attribute:city'), { value: 'Berlin', setByHand: { policy: 'keep', by: 'Lin Yating', sourceChanged: false } })
  t.match(valueOf(`tag:${world.columns['1.value']}`), { value: '12.5' })
  t.match(valueOf(`tag:${world.columns['1.updated']}`), { value: '2026-11-23T01:41:07.123000Z' })
  t.same(valueOf(likes(world)).value, ['tea', 'golf'])

  const page = await world.as({ url: '/settings/history' })
  t.match(page.body, /Lin Yating <span class="pill">API<\/span>/)
  t.match((await world.as({ url: `/settings/history/${answer.json().entry}` })).body, 'the API, token Shop')
  t.match((await world.as({ url: '/settings/history/download.csv?via=api' })).body, /Lin Yating,api,Edit/)
  t.notMatch((await world.as({ url: '/settings/history?via=page' })).body, '<span class="pill">API</span>')
  t.match((await world.as({ url: '/users/1?side=history' })).body, '<span class="pill">API</span>', 'on the profile too')

  t.same((await ask('PATCH', '/users/1', { json: { values: { 'attribute:city': 'Berlin' } } })).json(), { entry: null, users: 0, job: null }, 'the same again writes nothing')
  t.match((await ask('PATCH', '/users/1', { json: { values: { 'attribute:city': null } } })).json(), { users: 1 })
  t.equal(await world.shows('1', 'city'), null)
})

t.test('what cannot be taken is refused whole, with the place and the reason', async (t) => {
  const { world, ask } = await open(t)
  const before = await world.entries()
  const refused = async (method: string, path: string, json: unknown, errors: object[], status = 422) => {
    const answer = await ask(method, path, { json })
    t.match(answer.json(), { status, ...(errors.length ? { errors } : {}) }, JSON.stringify(json))
  }
  await refused('PATCH', '/users/1', { values: { 'attribute:birthday': '2020-02-30', 'attribute:city': 'x' } }, [{ pointer: '#/values/attribute:birthday', detail: /not a date that exists/ }])
  await refused('PATCH', '/users/1', { values: { 'attribute:age': '1,250' } }, [{ pointer: '#/values/attribute:age', detail: /decimal point/ }])
  await refused('PATCH', '/users/1', { values: { 'attribute:city': ['a', 'b'] } }, [{ pointer: '#/values/attribute:city' }])
  await refused('PATCH', '/users/1', { values: { [likes(world)]: ['a|b'] } }, [{ detail: /separates values/ }])
  await refused('PATCH', '/users/1', { values: { 'attribute:never': 'x' } }, [{ pointer: '#/values/attribute:never', detail: 'This field does not exist here.' }])
  await refused('PATCH', '/users/1', { values: { 'attribute:city': 7 } }, [{ pointer: '#/values/attribute:city' }])
  await refused('PATCH', '/users/1', { values: { 'attribute:city': 'x' }, more: 1 }, [{ pointer: '#/more', detail: 'is not known here' }])
  await refused('PATCH', '/users/1', { values: {} }, [{ pointer: '#/values' }])
  await refused('PATCH', '/users/1', undefined, [{ pointer: '#' }])
  await refused('PATCH', '/users/777', { values: { 'attribute:city': 'x' } }, [], 404)
  await refused('PATCH', '/users/1', { values: { 'attribute:city': 'a\0b' } }, [{ detail: /NUL/ }])
  await refused('POST', '/users/1/tags', { tags: [{ field: likes(world), mode: 'set', values: ['x'] }] }, [{ pointer: '#/tags/0/mode' }])
  await refused('POST', '/users/1/tags', { tags: [{ field: likes(world), values: ['x', ' '] }] }, [{ pointer: '#/tags/0/values/1' }])
  await refused('POST', '/users/1/tags', { tags: [{ field: 'tag:99999', values: ['x'] }] }, [{ pointer: '#/tags/0/field', detail: /does not exist here/ }])
  await refused('POST', '/users/1/tags', { tags: [{ field: `tag:${world.columns['1.value']}`, values: ['1'] }] }, [{ pointer: '#/tags/0/field', detail: /numbers or times/ }])
  await refused('POST', '/users/1/tags', { tags: [{ field: `tag:${world.columns['2.lang']}`, values: ['a', 'b'] }] }, [{ pointer: '#/tags/0/values' }])
  await refused('POST', '/taggings', { field: likes(world), values: ['x'], policy: 'keep' }, [{ pointer: '#/users' }])
  await refused('POST', '/taggings', { users: ['1'], condition: { noTag: true }, field: likes(world), values: ['x'], policy: 'keep' }, [{ pointer: '#/users' }])
  await refused('POST', '/taggings', { users: ['1'], field: likes(world), values: ['x'], policy: 'forever' }, [{ pointer: '#/policy', detail: 'must be one of keep, until_import' }])
  await refused('POST', '/taggings', { users: ['777'], field: likes(world), values: ['x'], policy: 'keep' }, [])
  await refused('POST', '/history/999/undo', undefined, [], 404)
  t.equal(await world.entries(), before, 'nothing was written')
})

t.test('tags are set one by one, for many, and taken back', async (t) => {
  const { world, bearer, ask, latest } = await open(t)
  const tagged = (await ask('POST', '/users/5/tags', { json: { tags: [{ field: likes(world), mode: 'add', values: ['golf'] }, { field: `tag:${world.columns['2.lang']}`, values: ['Français'] }] } })).json()
  t.match(await latest(), { id: tagged.entry, kind: 'tag', token_id: bearer.id }, 'an old ID leads to its user')
  t.same(await world.shows('1', '1.likes'), ['tea', 'hiking', 'golf'])

  const some = (await ask('POST', '/taggings', { json: { users: ['1', '2', '777'], field: likes(world), mode: 'replace', values: ['chess', 'tea'], policy: 'until_import' } })).json()
  t.match(some, { users: 2, job: null })
  t.same(await world.shows('2', '1.likes'), ['chess', 'tea'])
  const asked = (await ask('POST', '/taggings', { json: { condition: { field: 'attribute:city', operator: 'is', values: ['berlin'] }, field: likes(world), mode: 'remove', values: ['tea'], policy: 'keep' } })).json()
  t.match(await latest(), { id: asked.entry, kind: 'batch', users_affected: '2', token_id: bearer.id })

  const back = await ask('POST', `/history/${asked.entry}/undo`)
  t.match(back.json(), { users: 2, values: 2, valuesSkipped: 0, job: null })
  t.match(await latest(), { id: back.json().entry, kind: 'undo', token_id: bearer.id })
  t.equal((await ask('POST', `/history/${asked.entry}/undo`)).statusCode, 409, 'once')
})

t.test('more than a thousand users are tagged by a job, whose entry is marked as well', async (t) => {
  const { world, bearer, ask, latest } = await open(t)
  const { seed } = await import('../seed.ts')
  await seed(world, { alias: 'Many', key: { column: 'k', idType: 'OPEN_ID' }, columns: [{ name: 'k', kind: 'id', type: 'text', idType: 'OPEN_ID' }, { name: 'note', kind: 'tag', type: 'text', tagName: 'Remark' }] }, ['k,note', ...Array.from({ length: 1200 }, (_, n) => `k${n},x`)].join('\n'))
  const { id: note } = await world.db.selectFrom('source_columns').select('id').where('source_id', '=', 3).where('name', '=', 'note').executeTakeFirstOrThrow()
  const answer = await ask('POST', '/taggings', { key: 'many', json: { condition: { field: `tag:${note}`, operator: 'filled', values: [] }, field: `tag:${note}`, values: ['y'], policy: 'keep' } })
  t.equal(answer.statusCode, 202)
  const { job } = answer.json()
  t.match(answer.json(), { entry: null, users: 1200 })
  t.match((await ask('GET', `/jobs/${job}`)).json(), { status: 'waiting', kind: 'batch', entry: null, counts: {} })
  t.equal((await bearerOf(world, (await world.db.insertInto('operators').values({ email: 'z@example.com', name: 'Zhao', password_hash: '-' }).returning('id').executeTakeFirstOrThrow()).id).then(({ send }) => send({ url: `/api/v1/jobs/${job}` }))).statusCode, 404, 'a job of somebody else is not there')
  await world.runJobs()
  const done = (await ask('GET', `/jobs/${job}`)).json()
  t.match(done, { status: 'done', counts: { users: 1200, usersChanged: 1200 } })
  t.match(await latest(), { id: done.entry, kind: 'batch', token_id: bearer.id })
  const again = await ask('POST', '/taggings', { key: 'many', json: { condition: { field: `tag:${note}`, operator: 'filled', values: [] }, field: `tag:${note}`, values: ['y'], policy: 'keep' } })
  t.same([again.statusCode, again.json(), again.headers['idempotent-replayed']], [202, answer.json(), 'true'])
  const undo = await ask('POST', `/history/${done.entry}/undo`)
  t.equal(undo.statusCode, 202)
  const cancelled = await ask('POST', `/jobs/${undo.json().job}/cancellation`)
  t.match(cancelled.json(), { id: undo.json().job, status: 'cancelled' })
  t.match(await latest(), { kind: 'job', title: 'The undo of a batch: cancel asked for', token_id: bearer.id })
})
