import { sql } from 'kysely'
import t from 'tap'
import { getCatalog } from '../../src/catalog/queries.ts'
import { insertSelection } from '../../src/overrides/queries/selections.ts'
import { seed } from '../seed.ts'
import { narrow } from '../users/world.ts'
import { openWorld } from './acts.ts'

t.test('an act is taken back from the page that shows it', async (t) => {
  const world = await openWorld(t)
  const { act, undo, shows, get } = world

  t.test('at once, and the page that the operator is on says what came of it', async (t) => {
    const entry = await act(['1'], { city: { mode: 'set', value: '宁波市' }, member_level: { mode: 'set', value: 'Diamond' } })
    const answer = await undo(entry, { referer: 'http://localhost/users/1?tab=identity', host: 'localhost' })
    t.equal(answer.statusCode, 303)
    t.equal(answer.headers.location, '/users/1?tab=identity')
    t.equal(await shows('1', 'city'), '杭州市')
    t.match((await get('/users/1')).body, '2 values were put back.')
  })

  t.test('with htmx too, and never to another site', async (t) => {
    const first = await act(['1'], { city: { mode: 'set', value: '宁波市' } })
    const answer = await undo(first, { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'form', 'hx-current-url': 'http://localhost/users?size=20', host: 'localhost' })
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers['hx-redirect'], '/users?size=20')
    for (const [headers, form] of [[{ referer: 'https://evil.example/users/1' }, {}], [{}, { to: '//evil.example/x' }], [{}, { to: '/\\evil.example' }], [{}, { to: 'https://evil.example/' }], [{ referer: 'http://localhost/history/1/undo', host: 'localhost' }, {}]] as const) {
      const entry = await act(['1'], { city: { mode: 'set', value: '宁波市' } })
      t.equal((await undo(entry, headers, form)).headers.location, 'to' in form ? '/' : '/users', JSON.stringify([headers, form]))
    }
    const last = await act(['1'], { city: { mode: 'set', value: '宁波市' } })
    t.equal((await undo(last, {}, { to: '/settings/history?kind=edit' })).headers.location, '/settings/history?kind=edit')
  })

  t.test('what changed since is skipped and counted', async (t) => {
    const entry = await act(['1', '2', '4'], { city: { mode: 'set', value: '宁波市' } }, { kind: 'batch', title: 'Batch tag' })
    await act(['2'], { city: { mode: 'set', value: '温州市' } })
    await undo(entry)
    t.match((await get('/users')).body, '2 values were put back; 1 value was skipped because it changed since.')
    t.equal(await shows('1', 'city'), '杭州市')
    t.equal(await shows('2', 'city'), '温州市')
  })

  t.test('where everything changed since, nothing is written, and it can be taken back later', async (t) => {
    const first = await act(['4'], { city: { mode: 'set', value: '宁波市' } })
    const second = await act(['4'], { city: { mode: 'set', value: '温州市' } })
    const before = await world.entries()
    await undo(first)
    t.match((await get('/users')).body, 'Nothing was put back: 1 value was skipped because it changed since.')
    t.equal(await world.entries(), before)
    await undo(second)
    await undo(first)
    t.equal(await shows('4', 'city'), 'berlin')
  })

  t.test('what cannot be taken back says why and writes nothing', async (t) => {
    const entry = await act(['1'], { city: { mode: 'set', value: '宁波市' } })
    await undo(entry)
    const { undone_by: undoing } = await world.db.selectFrom('history_entries').select('undone_by').where('id', '=', entry).executeTakeFirstOrThrow()
    const { id: imported } = await world.db.selectFrom('history_entries').select('id').where('kind', '=', 'import').executeTakeFirstOrThrow()
    const before = await world.entries()
    const cases: [string, number, string][] = [
      [entry, 409, 'This was taken back already.'], [undoing!, 422, 'What was put back is not taken back itself'], [imported, 422, 'taken back from the page of its run'],
      ['999999', 404, 'There is no such entry in the history.'], ['0', 404, 'There is no such entry'], ['x', 404, 'There is no such entry'], ['99999999999999999999', 404, 'There is no such entry']
    ]
    for (const [id, status, words] of cases) {
      const answer = await undo(id)
      t.equal(answer.statusCode, status, `${id}: ${words}`)
      t.match(answer.body, words)
      const partial = await undo(id, { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'form' })
      t.equal(partial.headers['hx-retarget'], '#flash')
      t.match(partial.body, words)
    }
    t.equal(await world.entries(), before)
  })
})

t.test('what an operator may not see cannot be taken back, and is answered like what never was', async (t) => {
  const world = await openWorld(t)
  const { act, undo, shows, columns } = world
  const tag = await act(['1'], { '1.likes': { mode: 'add', value: ['golf'] } }, { kind: 'tag', title: 'Tag Likes', always: true })
  const both = await act(['4'], { city: { mode: 'set', value: '宁波市' }, member_level: { mode: 'set', value: 'Diamond' } })
  const plain = (body: string) => body.replaceAll(/_csrf" value="[^"]*"|x-csrf-token":"[^"]*"|<code>[^<]*<\/code>/g, '')
  const isNowhere = async (id: string, what: string) => {
    const before = await world.entries()
    const [answer, never] = [await undo(id), await undo('999999')]
    t.equal(answer.statusCode, 404, what)
    t.equal(plain(answer.body), plain(never.body), what)
    t.equal(await world.entries(), before, what)
  }
  await t.test('a hidden or masked column', async (t) => {
    for (const level of ['hidden', 'masked'] as const) {
      await t.test(level, async (t) => {
        narrow(t, { 1: { otherwise: 'full', columns: new Map([[columns['1.likes']!, level]]) } }, { city: level })
        await isNowhere(tag, level)
        await isNowhere(both, `${level} in part`)
      })
    }
  })
  await t.test('a user in rows that fail', async (t) => {
    narrow(t, { 1: { otherwise: 'full', columns: new Map(), rowCondition: { field: 'attribute:member_level', operator: 'is', values: ['Gold'] } } })
    await isNowhere(both, 'user 4')
    t.equal((await undo(tag)).statusCode, 303, 'user 1 is seen')
  })
  t.same(await shows('1', '1.likes'), ['tea', 'hiking'])
  t.equal(await shows('4', 'city'), '宁波市')
})

t.test('a batch of more users is taken back by one job', async (t) => {
  const world = await openWorld(t)
  await seed(world, { alias: 'Many', key: { column: 'k' }, columns: [{ name: 'k', kind: 'ignore', type: 'text' }, { name: 'colour', kind: 'tag', type: 'text', tagName: 'Colour' }] },
    ['k,colour', ...Array.from({ length: 1200 }, (_, n) => `k${n},${n % 2 ? 'red' : 'blue'}`)].join('\n'))
  const column = (await world.db.selectFrom('source_columns').select('id').where('name', '=', 'colour').executeTakeFirstOrThrow()).id
  const catalog = await getCatalog(world.db)
  const values = catalog.sources.at(-1)!.valuesTable
  const { id: selectionId } = await world.db.transaction().execute((trx) => insertSelection(trx, { operatorId: world.operator.id, query: null }, sql`select user_id from ${sql.table(values!)}`))
  const payload = { kind: 'batch', title: 'Batch tag', selectionId, ref: `tag:${column}`, change: { mode: 'set', value: 'green' }, policy: 'keep', operator: world.operator }
  await world.db.insertInto('jobs').values({ kind: 'batch', title: 'Batch tag', payload: JSON.stringify(payload), operator_id: world.operator.id }).execute()
  await world.runJobs()
  const entry = await world.db.selectFrom('history_entries').select(['id', 'fields']).where('kind', '=', 'batch').executeTakeFirstOrThrow()
  t.same(entry.fields, [`tag:${column}`])
  const greens = async () => Number((await world.pool.query(`select count(*) as n from ${(await getCatalog(world.db)).sources.at(-1)!.valuesTable} where c${column} = 'green'`)).rows[0].n)
  t.equal(await greens(), 1200)
  const [one, two] = [await world.undo(entry.id), await world.undo(entry.id)]
  t.match(one.headers.location, /^\/settings\/jobs\/\d+$/)
  t.equal(two.headers.location, one.headers.location, 'asked for twice, it is one job')
  await world.runJobs()
  t.equal(await greens(), 0)
  const page = await world.get(one.headers.location as string)
  t.match(page.body, 'users put back')
  t.match(page.body, '1,200')
  t.equal((await world.undo(entry.id)).statusCode, 409)
})

t.test('an act on many says first what taking it back would do', async (t) => {
  const world = await openWorld(t)
  const { act, get, undo, shows } = world
  const entry = await act(['1', '2', '4'], { city: { mode: 'set', value: '宁波市' } }, { kind: 'batch', title: 'Batch tag' })
  await act(['2'], { city: { mode: 'set', value: '温州市' } })
  const before = await world.entries()
  const { body } = await world.as({ url: `/history/${entry}/undo`, headers: { referer: 'http://localhost/settings/history?kind=batch', host: 'localhost' } })
  for (const words of [/<dt>users concerned<\/dt><dd>3</, /to be put back<\/dt><dd>2</, /to be skipped<\/dt><dd>1</, 'Put back 2 values', 'name="to" value="/settings/history?kind=batch"']) t.match(body, words)
  t.equal(await world.entries(), before, 'only looked at')
  t.equal(await shows('1', 'city'), '宁波市')
  t.equal((await undo(entry, {}, { to: '/settings/history?kind=batch' })).headers.location, '/settings/history?kind=batch')
  t.equal((await get(`/history/${entry}/undo`)).statusCode, 409)
  t.equal((await get('/history/999999/undo')).statusCode, 404)
  const single = await act(['2'], { city: { mode: 'set', value: 'A' } })
  await act(['2'], { city: { mode: 'set', value: 'B' } })
  t.match((await get(`/history/${single}/undo`)).body, 'Take back what came after it first.')
  narrow(t, {}, { city: 'hidden' })
  t.equal((await get(`/history/${single}/undo`)).statusCode, 404)
})
