import t from 'tap'
import { getCatalog } from '../../src/catalog/queries.ts'
import { deleteOldSelections } from '../../src/overrides/queries/selections.ts'
import { build, type TestApp } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'
import { columnIds, makeWorld, narrow, where } from '../users/world.ts'
import { makeRole } from '../role.ts'

type Form = Record<string, string | string[]>

const many: SeedStructure = {
  alias: 'Many', key: { column: 'k' },
  columns: [{ name: 'k', kind: 'ignore', type: 'text' }, { name: 'city', kind: 'attribute', type: 'text', attribute: 'city' }, { name: 'colour', kind: 'tag', type: 'text', tagName: 'Colour' }]
}
const people = (from: number, to: number) => ['k,city,colour', ...Array.from({ length: to - from }, (_, n) => `k${from + n},Ulm,${n % 2 ? 'red' : ''}`)].join('\n')

async function shown({ db, pool }: TestApp, column: number): Promise<Record<string, unknown>> {
  const { sources } = await getCatalog(db)
  const source = sources.find((one) => one.columns.some(({ id }) => id === column))
  return Object.fromEntries((await pool.query(`select user_id, c${column} as value from ${source?.valuesTable} where c${column} is not null order by user_id`)).rows.map((row) => [row.user_id, row.value]))
}

async function start(t: Parameters<typeof build>[0]) {
  const world = await build(t)
  await makeWorld(world)
  const c = await columnIds(world)
  const decisions = () => world.db.selectFrom('overrides').selectAll().orderBy('id').execute()
  /** Ticks users or takes a query; answers the address of the dialog. */
  const choose = async (form: Form): Promise<string> => {
    const answer = await world.as({ method: 'POST', url: '/users/selections', form: { act: 'tag', in: '', ...form } })
    if (answer.statusCode !== 303) throw new Error(`${answer.statusCode} ${answer.body}`)
    return String(answer.headers.location)
  }
  const post = (url: string, form: Form) => world.as({ method: 'POST', url, form: { back: '/users?level=Gold', policy: 'keep', ...form } })
  const get = (url: string) => world.as({ url })
  return { world, c, decisions, choose, post, get, likes: c['1.likes'] as number, lang: c['2.lang'] as number }
}

const figures = (body: string) => Object.fromEntries([...body.matchAll(/<div><dt>([^<]*)<\/dt><dd>([^<]*)<\/dd><\/div>/g)].map(([, label, value]) => [label, value]).filter(([label]) => !/You set|Import says|Then shown/.test(String(label))))

t.test('a batch of ticked users says what it will do and does just that, once', async (t) => {
  const { world, decisions, choose, post, get, likes } = await start(t)
  await post('/users/2/taggings', { act: 'save', choice: `${likes} add golf` })
  const address = await choose({ user: ['1', '2', '3', '6', '99', 'x', '1'] })
  const page = await get(address)
  t.match(page.body, '3 users, ticked in the list.', '6 is a row of user 2; the others are nobody')
  t.match(page.body, 'Tag 3 users')
  for (const word of ['Overwrite existing tags', 'The latest data of the source wins', 'Ignore', 'What you set is kept']) t.match(page.body, word)
  t.notMatch(page.body, 'Lifetime value', 'no number tag')
  const ask = async (form: Form) => figures((await post(address, { tag: String(likes), group: 'none', ...form })).body)
  const already = 'already have the value; the choice above is recorded for them all the same'
  t.same(await ask({ mode: 'add', value: 'tea' }), { 'users will change': '1', [already]: '2', 'hand-set values would be replaced': '0' })
  t.same(await ask({ mode: 'add', value: 'yoga' }), { 'users will change': '3', [already]: '0', 'hand-set values would be replaced': '1' })
  t.same(await ask({ mode: 'replace', value: 'tea' }), { 'users will change': '3', [already]: '0', 'hand-set values would be replaced': '1' })
  t.same(await ask({ mode: 'remove', value: 'tea' }), { 'users will change': '2', 'do not have the value; it is recorded for them all the same': '1', 'hand-set values would be replaced': '1' })
  t.same(await ask({ mode: 'add', value: '' }), {})
  t.equal((await decisions()).length, 1, 'nothing was written so far')
  const fragment = await world.as({ method: 'POST', url: address, form: { tag: String(likes), mode: 'add', value: 'tea' }, headers: { 'hx-request-type': 'partial', 'hx-target': 'section#batch-effect' } })
  t.match(fragment.body.trim(), /^<section class="group" id="batch-effect"/)

  const ok: Form = { act: 'save', tag: String(likes), group: 'none', mode: 'add', value: 'tea', policy: 'overwrite' }
  const answers = await Promise.all([post(address, ok), post(address, ok)])
  t.same(answers.map((one) => [one.statusCode, one.headers.location]), [[303, '/users?level=Gold'], [303, '/users?level=Gold']], 'a double click leads to the same')
  const made = (await decisions()).slice(1).toSorted((a, b) => Number(a.row_number) - Number(b.row_number))
  t.same(made.map((one) => [one.policy, one.value]), [['until_import', ['tea', 'hiking']], ['until_import', ['tea', 'golf']], ['until_import', ['tea']]], 'value and policy are recorded for everybody, once')
  t.same(await shown(world, likes), { 1: ['tea', 'hiking'], 2: ['tea', 'golf'], 3: ['tea'], 4: ['coffee'] })
  const entry = await world.db.selectFrom('history_entries').selectAll().where('kind', '=', 'batch').execute()
  t.match(entry, [{ title: 'Batch tag Likes', users_affected: '3', fields: [`tag:${likes}`] }])
  const list = await get('/users')
  t.match(list.body, /3 users tagged\./)
  t.match(list.body, `/history/${entry[0]!.id}/undo`)
  t.equal((await post(address, ok)).statusCode, 303, 'a retry as well')
  t.match((await get('/users')).body, 'This was done already: 3 users tagged.')
  t.equal((await get(address)).headers.location, '/users', 'and the dialog leads there too')
  t.equal((await decisions()).length, 4)
  await post(`/history/${entry[0]!.id}/undo`, {})
  t.same(await shown(world, likes), { 1: ['tea', 'hiking'], 2: ['tea', 'golf'], 4: ['coffee'] })
})

t.test('a query is frozen when it is chosen; many users are tagged by a job', async (t) => {
  const { world, decisions, choose, post, get, lang } = await start(t)
  await seed(world, many, people(0, 1200))
  const colour = (await columnIds(world))['3.colour'] as number
  const query = where(['attribute:city', 'is', 'ulm'])
  const list = await get(`/users?${query}`)
  t.match(list.body, /name="in" value="where=/)
  const address = await choose({ all: 'query', in: query, user: '1' })
  t.match((await get(address)).body, /1,200 users: all that match the query now/)
  await seed(world, many, people(1200, 1210))
  const shows = await post(address, { tag: String(colour), value: 'red' })
  t.same(Object.values(figures(shows.body)), ['600', '600', '0'])
  const answers = await Promise.all([1, 2].map(() => post(address, { act: 'save', tag: String(colour), value: 'blue', policy: 'overwrite' })))
  const [job] = await world.db.selectFrom('jobs').selectAll().where('kind', '=', 'batch').execute()
  t.same(answers.map((one) => one.headers.location), [`/settings/jobs/${job?.id}`, `/settings/jobs/${job?.id}`])
  t.match((await get(`/settings/jobs/${job?.id}`)).body, 'Cancel')
  await world.db.updateTable('selections').set({ created_at: new Date(0) }).execute()
  await deleteOldSelections(world.db)
  await world.runJobs()
  const done = await get(`/settings/jobs/${job?.id}`)
  t.match(figures(done.body), { 'users recorded': '1,200', 'of them show another value now': '1,200' })
  const entryId = (await decisions()).at(-1)!.entry_id
  t.match(done.body, `/settings/history/${entryId}`)
  t.match(done.body, `/history/${entryId}/undo`)
  t.equal(Object.values(await shown(world, colour)).filter((value) => value === 'blue').length, 1200, 'who came later is not tagged')
  t.equal((await decisions()).length, 1200)
  t.equal((await post(address, { act: 'save', tag: String(lang), value: 'x' })).headers.location, `/settings/jobs/${job?.id}`, 'the choice was used')

  const everyone = await choose({ all: 'query', in: '' })
  t.match((await get(everyone)).body, '1,215 users')
  await post(everyone, { act: 'save', tag: String(colour), value: 'green' })
  const [second] = await world.db.selectFrom('jobs').select('id').where('kind', '=', 'batch').where('status', '=', 'waiting').execute()
  await world.as({ method: 'POST', url: `/settings/jobs/${second?.id}/cancellation`, form: {} })
  await world.runJobs()
  t.equal((await decisions()).length, 1200, 'cancelled before it began')
  t.match((await get(`/settings/jobs/${second?.id}`)).body, 'It was cancelled and changed nothing.')

  const barred = await choose({ all: 'query', in: '' })
  await post(barred, { act: 'save', tag: String(colour), value: 'green' })
  const { role_id: role } = await world.db.selectFrom('operator_roles').selectAll().executeTakeFirstOrThrow()
  await world.db.updateTable('operator_roles').set({ role_id: await makeRole(world, { permissions: ['user_360.view', 'user_360.batch_tag'] }) }).execute()
  await world.runJobs()
  const ordered = await world.db.selectFrom('jobs').selectAll().where('kind', '=', 'batch').orderBy('id', 'desc').executeTakeFirstOrThrow()
  t.match(ordered, { status: 'stopped', error: 'The roles of who ordered this do not include it any more. Nothing was changed.' }, 'what was allowed when it was ordered is asked again when it runs')
  t.equal((await decisions()).length, 1200)
  await world.db.updateTable('operator_roles').set({ role_id: role }).execute()

  const gone = await choose({ all: 'query', in: '' })
  await post(gone, { act: 'save', tag: String(colour), value: 'green' })
  await world.db.updateTable('source_columns').set({ kind: 'ignore' }).where('id', '=', colour).execute()
  await world.runJobs()
  const third = await world.db.selectFrom('jobs').selectAll().where('kind', '=', 'batch').orderBy('id', 'desc').executeTakeFirstOrThrow()
  t.match(third, { status: 'stopped', error: 'The tag is not there any more. Nothing was changed.' })
  t.equal((await decisions()).length, 1200)
})

t.test('what cannot be taken is said, with nothing written', async (t) => {
  const { world, c, decisions, choose, post, get, likes, lang } = await start(t)
  const address = await choose({ user: ['1', '2'] })
  const cases: [string, Form, RegExp][] = [
    ['a number tag', { tag: String(c['1.value']), value: '5' }, /only text and multi-value tags/], ['a time tag', { tag: String(c['1.updated']), value: '2026-01-01' }, /only text and multi-value tags/],
    ['an ID column', { tag: String(c['1.mobile']), value: '1' }, /does not exist here/], ['an unknown tag', { tag: '99999', value: 'x' }, /does not exist here/], ['no tag', { value: 'x' }, /does not exist here/],
    ['a policy that does not exist', { tag: String(lang), value: 'x', policy: 'never' }, /Choose what happens when a later import/], ['a policy of the prototype', { tag: String(lang), value: 'x', policy: 'constructor' }, /Choose what happens/],
    ['no value', { tag: String(lang), value: ' ' }, /Choose a value of Language/], ['a value of 1 MB', { tag: String(lang), value: 'x'.repeat(1_000_000) }, /at most 1,000 characters/],
    ['the delimiter', { tag: String(likes), value: 'a|b', mode: 'add' }, /“\|” separates the values of Likes/], ['a tag of another group', { tag: String(lang), group: '99', value: 'x' }, /do not fit any more/]
  ]
  for (const [what, form, message] of cases) {
    const answer = await post(address, { act: 'save', ...form })
    t.equal(answer.statusCode, 422, what)
    t.match(answer.body, message, what)
  }
  const none = await world.as({ method: 'POST', url: '/users/selections', form: { act: 'tag', user: ['99', 'x'] } })
  t.equal(none.statusCode, 422)
  t.match(none.body, 'Tick at least one user')
  const stale = await world.as({ method: 'POST', url: '/users/selections', form: { all: 'query', in: where(['tag:99999', 'is', 'x']) } })
  t.equal(stale.statusCode, 422)
  t.match(stale.body, 'This list is too old')
  t.equal((await world.as({ method: 'POST', url: '/users/selections', form: { all: 'query', in: 'id=nobody' } })).statusCode, 422)
  const large = await world.as({ method: 'POST', url: '/users/selections', headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'user=1000000&'.repeat(2_000_000) })
  t.equal(large.statusCode, 413)
  t.match(large.body, 'tick “All that match”')
  for (const url of ['/users/selections/x/tagging', '/users/selections/00000000-0000-0000-0000-000000000000/tagging', '/users/selections/00000000-0000-0000-0000-000000000000/return']) {
    t.equal((await get(url)).statusCode, 404, url)
    t.match((await post(url, { act: 'save', tag: String(lang), value: 'x' })).body, 'chosen too long ago, or by somebody else')
  }
  const { id } = await world.db.insertInto('operators').values({ email: 'b@example.com', name: 'B', password_hash: '-' }).returning('id').executeTakeFirstOrThrow()
  await world.db.updateTable('selections').set({ operator_id: id }).execute()
  t.equal((await post(address, { act: 'save', tag: String(lang), value: 'x' })).statusCode, 404, 'a choice of somebody else')
  t.same(await decisions(), [])
})

t.test('a tag or attribute of many is given back to its source', async (t) => {
  const { world, decisions, choose, post, get, likes, lang } = await start(t)
  t.match((await get(await choose({ user: ['1', '2'], act: 'return' }))).body, 'Nothing that you see was set by hand.')
  for (const user of ['1', '2', '7']) await post(`/users/${user}/taggings`, { act: 'save', choice: `${likes} add golf` })
  const address = await choose({ user: ['1', '2', '3'], act: 'return' })
  const page = await get(address)
  t.match(page.body, 'Likes (tag)')
  t.notMatch(page.body, 'Language (tag)', 'only what was set by hand is offered')
  const ask = await post(address, { field: `tag:${likes}` })
  t.match(ask.body, 'Return 2 to the source')
  t.equal((await post(address, { act: 'save', field: 'tag:99999' })).statusCode, 422)
  const nothing = await post(address, { act: 'save', field: `tag:${lang}` })
  t.equal(nothing.statusCode, 422)
  t.match(nothing.body, 'None of these users has a hand-set value of Language')
  t.equal((await post(address, { act: 'save', field: `tag:${likes}` })).statusCode, 303)
  t.equal((await post(address, { act: 'save', field: `tag:${likes}` })).statusCode, 303)
  t.same(await shown(world, likes), { 1: ['tea', 'hiking'], 2: ['tea'], 4: ['coffee'], 7: ['golf'] })
  t.same((await decisions()).map((one) => one.policy), ['keep', 'keep', 'keep', 'source', 'source'])
  t.match((await get('/users')).body, 'This was done already: 3 users returned to the source.')
})

t.test('an operator who sees less chooses and counts less', async (t) => {
  const { c, decisions, choose, post, get, likes, lang } = await start(t)
  await post('/users/1/taggings', { act: 'save', choice: `${lang} set English` })
  await get('/users')
  narrow(t, { 1: { otherwise: 'full', columns: new Map([[likes, 'masked']]), rowCondition: { field: `tag:${c['1.value'] as number}`, operator: 'range', values: ['0', ''] } }, 2: { otherwise: 'full', columns: new Map([[lang, 'hidden']]) } })
  const before = (await decisions()).length
  const address = await choose({ user: ['1', '3', '4', '7'] })
  const page = await get(address)
  t.match(page.body, '2 users, ticked in the list.', 'who is not seen is not chosen, even when forged')
  t.match((await get(await choose({ all: 'query' }))).body, '3 users: all that match')
  for (const secret of ['Likes', 'Language', 'English', 'hiking']) t.notMatch(page.body, secret)
  const plain = (text: string) => text.replaceAll(/_csrf" value="[^"]*"|x-csrf-token":"[^"]*"/g, '')
  const never = await post(address, { act: 'save', tag: '99999', value: 'x' })
  for (const id of [likes, lang]) t.equal(plain((await post(address, { act: 'save', tag: String(id), value: 'x' })).body), plain(never.body), 'hidden and masked are answered like never there')
  const returning = await choose({ user: ['1'], act: 'return' })
  t.notMatch((await get(returning)).body, 'Language')
  t.equal((await post(returning, { act: 'save', field: `tag:${lang}` })).statusCode, 422)
  t.equal((await decisions()).length, before)
  t.equal((await post(address, { act: 'save', tag: String(c['2.note']), value: 'x' })).statusCode, 303)
  t.same((await decisions()).slice(before).map((one) => one.row_number).toSorted(), ['5', '7'])
})
