import { parse } from 'csv-parse/sync'
import t from 'tap'
import { narrow } from '../users/world.ts'
import { openWorld, type World } from './acts.ts'

const path = '/settings/history'
const entriesOn = (body: string) => [...body.matchAll(/href="\/settings\/history\/(\d+)"/g)].map((match) => match[1]!)
const wordsOf = (body: string) => [...body.matchAll(/<tr>\s*<td>[^]*?<\/tr>/g)].map((match) => match[0].replaceAll(/<span class="visually-hidden">[^<]*<\/span>|<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ').trim())

async function second(world: World): Promise<{ id: number; name: string }> {
  return world.db.insertInto('operators').values({ email: 'zhao@example.com', name: 'Zhao Min', password_hash: '-' }).returning(['id', 'name']).executeTakeFirstOrThrow()
}

t.test('all entries, newest first', async (t) => {
  const world = await openWorld(t)
  const { act, get } = world
  const zhao = await second(world)
  const city = await act(['1'], { city: { mode: 'set', value: '宁波市' } })
  const likes = await act(['1', '2'], { '1.likes': { mode: 'add', value: ['golf'] } }, { kind: 'batch', title: 'Batch tag', operator: zhao, always: true })
  const seven = await act(['7'], { '2.lang': { mode: 'set', value: '=1+1' } })

  t.test('with filters that stand in the address and go together', async (t) => {
    const all = await get(path)
    t.same(entriesOn(all.body).slice(0, 3), [seven, likes, city])
    t.match(wordsOf(all.body)[1], /^\d{4}-\d\d-\d\d \d\d:\d\d Batch tag Likes, 2 users Zhao Min Batch tag Undo$/)
    const only = async (query: string, expected: string[]) => t.same(entriesOn((await get(`${path}?${query}`)).body), expected, query)
    await only(`operator=${zhao.id}`, [likes])
    await only('kind=edit', [seven, city])
    await only(`kind=edit&operator=${zhao.id}`, [])
    await only('user=1', [likes, city])
    await only('user=5', [likes, city])
    await only('user=6', [likes])
    await only('kind=batch&user=2', [likes])
    t.equal(entriesOn((await get(`${path}?kind=import&source=1`)).body).length, 1)
    t.equal(entriesOn((await get(`${path}?operator=0`)).body).length, 2, 'imports of the command')
    await world.pool.query(`update history_entries set at = '2026-03-05 00:10:00+08' where id = $1`, [city])
    await world.pool.query(`update history_entries set at = '2026-03-05 23:59:59.9+08' where id = $1`, [likes])
    await only('from=2026-03-05&to=2026-03-05', [likes, city])
    await only('to=2026-03-04', [])
    await only('from=2026-03-06&to=2026-03-07', [])
    t.match((await get(`${path}?kind=edit&to=2026-03-04`)).body, 'No entry fits this filter.')
  })

  t.test('what cannot be taken in a filter is said beside its field', async (t) => {
    for (const [query, words] of [['user=abc', 'Type a user ID'], ['user=4040', 'There is no user with this ID.'], ['from=2026-02-30', 'Type a day'], ['from=2026-03-05&to=2026-03-01', 'before the first one'], ['kind=x', 'no such kind'], ['source=99', 'no such source'], ['operator=x', 'no such operator'], ['source=99999999999', 'no such source']] as const) {
      const answer = await get(`${path}?${query}`)
      t.equal(answer.statusCode, query === 'user=4040' ? 422 : 422, query)
      t.match(answer.body, words, query)
      t.same(entriesOn(answer.body), [], query)
    }
    t.equal((await get(`${path}?before=x`)).statusCode, 422)
    for (const id of ['0', 'x', '999999', '99999999999999999999']) t.equal((await get(`${path}/${id}`)).statusCode, 404, id)
    t.equal((await get(`${path}/${city}?after=x`)).statusCode, 404)
  })

  t.test('a page at a time, also over entries of the same time', async (t) => {
    await world.pool.query(`insert into history_entries (at, kind, title) select '2026-04-01 10:00:00.5+08', 'settings', 'Setting ' || n from generate_series(1, 120) n`)
    const seen: string[] = []
    let href: string | undefined = `${path}?kind=settings&from=2026-04-01&to=2026-04-01`
    while (href) {
      const { body } = await get(href)
      seen.push(...entriesOn(body))
      href = /rel="next" href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&')
      if (href) t.match(href, 'from=2026-04-01', 'the filter goes along')
    }
    t.equal(seen.length, 120)
    t.same(seen, [...new Set(seen)].toSorted((a, b) => Number(b) - Number(a)))
  })

  t.test('an entry opens to its changes', async (t) => {
    const { body } = await get(`${path}/${likes}`)
    t.same(wordsOf(body).toSorted(), ['1 Likes tea, hiking → tea, hiking, golf Keep', '2 Likes tea → tea, golf Keep'])
    t.match(body, 'href="/users/1"')
    await world.undo(city)
    const taken = await get(`${path}/${city}`)
    t.match(taken.body, /Taken back<\/dt><dd><a href="\/settings\/history\/\d+"/)
    const undo = entriesOn(taken.body)[0]!
    const undone = await get(`${path}/${undo}`)
    t.match(undone.body, `Takes back</dt><dd><a href="/settings/history/${city}"`)
    t.same(wordsOf(undone.body), ['1 City 宁波市 → 杭州市'])
    await world.as({ method: 'POST', url: '/users/columns', form: { column: ['tag:' + world.columns['1.likes'], 'attribute:city'], save: '1' } })
  })

  t.test('to many changes a page at a time', async (t) => {
    const { rows: [{ id }] } = await world.pool.query(`insert into history_entries (kind, title, fields) values ('batch', 'Batch tag', '{attribute:city}') returning id`)
    await world.pool.query(`insert into overrides (row_number, attribute_id, type, value, policy, entry_id) select 4, (select id from attributes where code = 'city'), 'text', to_jsonb('T' || n), 'keep', $1 from generate_series(1, 130) n`, [id])
    await world.pool.query(`insert into history_items (entry_id, item, row_number, table_name, column_name, field, old_value, new_value) select $1, n, 4, 'overrides', 'value', 'attribute:city', null, to_jsonb('I' || n) from generate_series(1, 130) n`, [id])
    const seen: string[] = []
    let href: string | undefined = `${path}/${id}`
    while (href) {
      const { body } = await get(href)
      seen.push(...[...body.matchAll(/<b>([TI]\d+)<\/b>/g)].map((match) => match[1]!))
      href = /rel="next" href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&')
    }
    t.same(seen, [...Array.from({ length: 130 }, (_, n) => `T${n + 1}`), ...Array.from({ length: 130 }, (_, n) => `I${n + 1}`)])
    const csv = parse((await get(`${path}/download.csv?user=4`)).body, { bom: true, columns: true }) as Record<string, string>[]
    t.equal(csv.filter((row) => row['entry'] === String(id)).length, 260)
  })

  t.test('and the filtered ones come as a file', async (t) => {
    const answer = await get(`${path}/download.csv?user=7`)
    t.equal(answer.rawPayload.subarray(0, 3).toString('hex'), 'efbbbf')
    t.match(answer.headers['content-disposition'], 'history.csv')
    const rows = parse(answer.body, { bom: true, columns: true }) as Record<string, string>[]
    t.equal(rows.length, 1)
    t.match(rows[0], { entry: seven, operator: 'Lin Yating', kind: 'Edit', what: 'Edit Language', user: '7', field: 'Language', 'old value': 'English', 'new value': "'=1+1", policy: 'Keep', 'taken back': '' })
    const all = parse((await get(`${path}/download.csv`)).body, { bom: true, columns: true }) as Record<string, string>[]
    t.equal(new Set(all.map((row) => row['entry'])).size, await world.entries(), 'every entry is in it')
    t.same(parse((await get(`${path}/download.csv?user=abc`)).body, { bom: true, columns: true }), [])
  })
})

t.test('many changes come whole as a file', async (t) => {
  const world = await openWorld(t)
  const { rows: [{ id }] } = await world.pool.query(`insert into history_entries (kind, title, fields) values ('batch', 'Batch tag', '{attribute:city}') returning id`)
  await world.pool.query(`insert into overrides (row_number, attribute_id, type, value, policy, entry_id) select 4, (select id from attributes where code = 'city'), 'text', to_jsonb('T' || n), 'keep', $1 from generate_series(1, 12000) n`, [id])
  await world.pool.query(`insert into history_entries (kind, title) values ('settings', 'After it')`)
  const rows = parse((await world.get(`${path}/download.csv`)).body, { bom: true, columns: true }) as Record<string, string>[]
  const large = rows.filter((row) => row['entry'] === String(id)).map((row) => row['new value'])
  t.equal(large.length, 12000)
  t.equal(new Set(large).size, 12000)
  t.equal(new Set(rows.map((row) => row['entry'])).size, await world.entries())
})

t.test('what an operator may not see is nowhere in the history', async (t) => {
  const world = await openWorld(t)
  const { act, get, columns } = world
  const likes = await act(['1'], { '1.likes': { mode: 'add', value: ['golf'] } }, { kind: 'tag', title: 'Tag Likes', always: true })
  const both = await act(['4'], { city: { mode: 'set', value: '宁波市' }, member_level: { mode: 'set', value: 'Diamond' } })
  const lang = await act(['7'], { '2.lang': { mode: 'set', value: '中文' } })
  await world.as({ method: 'POST', url: `/settings/tags/${columns['1.likes']}`, form: { name: 'Likes', group: '', description: 'SecretWords' } })
  const undone = await act(['1'], { '1.likes': { mode: 'add', value: ['chess'] } }, { kind: 'tag', title: 'Tag Likes', always: true })
  await world.undo(undone)
  const { rows: [{ id: undo }] } = await world.pool.query('select max(id) as id from history_entries')
  const everywhere = async () => [(await get(path)).body, (await get(`${path}/download.csv`)).body, ...(await Promise.all([likes, both, lang, undo].map(async (id) => (await get(`${path}/${id}`)).body)))].map((body) => body.replaceAll(/(csrf-token":"|name="_csrf" value=")[^"]*/g, ''))

  t.test('hidden columns: neither value nor label, in list, entry or file', async (t) => {
    narrow(t, { 1: { otherwise: 'full', columns: new Map([[columns['1.likes']!, 'hidden']]) } }, { city: 'hidden' })
    for (const body of await everywhere()) for (const secret of ['Likes', 'golf', 'hiking', 'chess', '宁波市', 'berlin', 'City', 'SecretWords']) t.notMatch(body, secret, secret)
    for (const id of [likes, undo]) t.equal((await get(`${path}/${id}`)).statusCode, 404, 'all of it is hidden')
    t.same(wordsOf((await get(`${path}/${both}`)).body), ['4 Member level – → Diamond Keep'])
    t.notMatch((await get(`${path}/${both}`)).body, `action="/history/${both}/undo"`)
  })

  t.test('a hidden source: neither its entries nor its name, nor users of it alone', async (t) => {
    narrow(t, { 2: null })
    for (const body of await everywhere()) for (const secret of ['Language', '中文', 'Mini-program']) t.notMatch(body, secret, secret)
    t.equal((await get(`${path}/${lang}`)).statusCode, 404)
    t.equal((await get(`${path}?source=2`)).statusCode, 422)
    t.match((await get(`${path}?user=7`)).body, 'There is no user with this ID.')
  })

  t.test('masked columns: only that there was a value', async (t) => {
    narrow(t, { 1: { otherwise: 'full', columns: new Map([[columns['1.likes']!, 'masked']]) } }, { city: 'masked' })
    for (const body of await everywhere()) for (const secret of ['golf', 'hiking', 'chess', '宁波市', 'berlin']) t.notMatch(body, secret, secret)
    t.same(wordsOf((await get(`${path}/${likes}`)).body), ['1 Likes *** → *** Keep'])
  })

  t.test('users in rows that fail: no entry that is about them alone, no change of theirs', async (t) => {
    narrow(t, { 1: { otherwise: 'full', columns: new Map(), rowCondition: { field: 'attribute:name', operator: 'is', values: ['Xiaomin'] } }, 2: null })
    t.equal((await get(`${path}/${both}`)).statusCode, 404)
    t.equal((await get(`${path}/${likes}`)).statusCode, 200)
    for (const body of await everywhere()) for (const secret of ['Diamond', '宁波市']) t.notMatch(body, secret, secret)
    t.match((await get(`${path}?user=4`)).body, 'There is no user with this ID.')
  })
})
