import t from 'tap'
import { build } from '../helper.ts'
import { columnIds, makeWorld, md5, sha256, usersFor, usersOn, where } from './world.ts'

t.test('before anything was imported the list shows one way on', async (t) => {
  const world = await build(t)
  const page = await world.as({ url: '/users' })
  t.equal(page.statusCode, 200)
  t.match(page.body, 'Nothing imported yet')
  t.match(page.body, '/settings/sources')
  t.notMatch(page.body, 'query-form')
})

t.test('the list', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const c = await columnIds(world)
  const tag = (name: string) => `tag:${c[name]}`

  t.test('shows everyone, newest first, with what it knows of them', async (t) => {
    const page = await world.as({ url: '/users' })
    t.same(usersOn(page), ['7', '4', '3', '2', '1'])
    t.match(page.body, '5 users')
    // Of user 1 the mini-program has the newer row, with the mobile as MD5: it is shown plain, as the shop knows it.
    t.match(page.body, '13812345678')
    t.match(page.body, 'Known only as an MD5 value')
    t.match(page.body, '&lt;b&gt;x&lt;/b&gt;')
    t.notMatch(page.body, '<b>x</b>')
    t.match(page.body, 'no name')
  })

  t.test('reads one row anew, as the list shows it', async (t) => {
    const list = await world.as({ url: '/users' })
    const row = await world.as({ url: '/users/1/row?in=' })
    t.equal(row.statusCode, 200)
    const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim()
    t.ok(plain(list.body).includes(plain(row.body)), 'it is the row of the list')
    for (const id of ['99', '5', 'x', '9'.repeat(30)]) t.equal((await world.as({ url: `/users/${id}/row?in=` })).statusCode, 404, id)
  })

  t.test('finds by user ID, old ID and any value of any ID, plain or hashed', async (t) => {
    const cases: Record<string, string[]> = {
      '1': ['1'], '5': ['1'], '6': ['2'], '7': ['7'], M2: ['2'], U3: ['7'], ' 13812345678 ': ['1'], '+86 138 1234 5678': ['1'], [md5('13812345678')]: ['1'],
      13999999999: ['7'], 'o@example.com': ['2'], 'O@Example.com': ['2'], [sha256('o@example.com')]: ['2'], m2: [], '99': [], '0': [], "1' or '1'='1": [], [`${'9'.repeat(30)}`]: []
    }
    for (const [id, expected] of Object.entries(cases)) t.same(await usersFor(world, `id=${encodeURIComponent(id)}`), expected, id)
    t.same(await usersFor(world, `id=${'x'.repeat(10_000)}`), [], 'an ID of 10,000 characters')
    t.same(await usersFor(world, where(['id:MOBILE', 'is', '13812345678'])), ['1'])
    t.same(await usersFor(world, where(['id:ONEID', 'is', '13812345678'])), [])
  })

  t.test('filters by every operator', async (t) => {
    const cases: [unknown[], string[]][] = [
      [['attribute:city', 'is', 'BERLIN'], ['4', '2']], [['attribute:city', 'not', 'berlin'], ['7', '3', '1']], [['attribute:city', 'contains', 'ERL'], ['4', '2']],
      [['attribute:city', 'starts', '杭'], ['1']], [['attribute:city', 'empty'], ['7', '3']], [['attribute:city', 'filled'], ['4', '2', '1']],
      [['attribute:city', 'contains', '%'], []], [['attribute:city', 'contains', '_'], []], [['attribute:name', 'is', '<b>x</b>'], ['4']], [['attribute:city', 'contains', "'; drop table users_v0; --"], []],
      [[tag('1.likes'), 'any', 'hiking', 'coffee'], ['4', '1']], [[tag('1.likes'), 'all', 'tea', 'hiking'], ['1']], [[tag('1.likes'), 'empty'], ['7', '3']], [[tag('1.likes'), 'filled'], ['4', '2', '1']],
      [[tag('1.value'), 'range', '5', ''], ['2', '1']], [[tag('1.value'), 'range', '', '5'], ['4', '2']], [[tag('1.value'), 'range', '-3.5', '5.0'], ['4', '2']], [[tag('1.value'), 'is', '12480'], ['1']], [[tag('1.value'), 'not', '5'], ['7', '4', '3', '1']],
      [[tag('1.updated'), 'range', '2026-02-05', '2026-02-05'], ['2']], [[tag('1.updated'), 'range', '2026-02-05T10:01', ''], ['4']], [[tag('1.updated'), 'range', '', '2026-02-05T10:00'], ['2', '1']], [[tag('1.updated'), 'empty'], ['7', '3']],
      [[tag('2.lang'), 'is', 'english'], ['7', '2']], [[tag('2.lang'), 'empty'], ['4', '3']], [['noTag'], ['3']], [['not', ['noTag']], ['7', '4', '2', '1']],
      [['or', ['attribute:city', 'is', 'berlin'], [tag('2.lang'), 'is', '中文']], ['4', '2', '1']], [['and', ['attribute:city', 'is', 'berlin'], ['not', [tag('1.likes'), 'any', 'tea']]], ['4']]
    ]
    for (const [condition, expected] of cases) t.same(await usersFor(world, where(condition)), expected, JSON.stringify(condition))
    t.same(await usersFor(world, 'level=Gold&level=silver'), ['2', '1'])
    t.same(await usersFor(world, 'level='), ['7', '4', '3'])
    t.same(await usersFor(world, `level=&level=Gold&${where(['attribute:name', 'filled'])}`), ['7', '4', '1'])
  })

  t.test('sorts by what it shows, users without a value last either way', async (t) => {
    t.same(await usersFor(world, 'sort=created'), ['1', '2', '3', '4', '7'])
    t.same(await usersFor(world, 'sort=-user_id'), ['7', '4', '3', '2', '1'])
    t.same(await usersFor(world, `sort=${tag('1.value')}`), ['4', '2', '1', '3', '7'])
    t.same(await usersFor(world, `sort=-${tag('1.value')}`), ['1', '2', '4', '7', '3'])
    t.same(await usersFor(world, 'sort=source'), ['7', '1', '2', '3', '4'])
    t.same(await usersFor(world, 'sort=attribute:city'), ['2', '4', '1', '3', '7'])
    t.same((await usersFor(world, 'sort=attribute:name')).at(-1), '3')
  })

  t.test('counts in a request of its own', async (t) => {
    const page = await world.as({ url: `/users?${where(['attribute:city', 'is', 'berlin'])}&size=20` })
    t.match(page.body, '2 match', 'what fits on one page is counted already')
    const count = await world.as({ url: `/users/count?${where(['attribute:city', 'is', 'berlin'])}`, headers: { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'p#user-count' } })
    t.match(count.body, '2 match')
    t.match((await world.as({ url: '/users/count' })).body, '5 users')
    t.match((await world.as({ url: '/users/count?id=none' })).body, 'no user matches')
  })

  t.test('answers the table alone to htmx', async (t) => {
    const part = await world.as({ url: '/users?size=20', headers: { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'form#user-list' } })
    t.notMatch(part.body, '<html')
    t.same(usersOn(part).length, 5)
  })

  t.test('conditions are added and taken away without a script', async (t) => {
    const open = await world.as({ url: '/users?add=condition&field=City' })
    t.match(open.body, 'id="condition-editor"')
    t.match(open.body, 'starts with')
    const added = await world.as({ url: `/users?form=query&${where(['attribute:name', 'filled'])}&field=city&operator=is&value=Berlin&add=1` })
    t.equal(added.statusCode, 303)
    t.equal(decodeURIComponent(added.headers.location as string), '/users?where=[["attribute:name","filled"],["attribute:city","is","Berlin"]]')
    const queried = await world.as({ url: '/users?form=query&id=&field=Likes&operator=any&ticked=tea&value=coffee|hiking' })
    t.equal(decodeURIComponent(queried.headers.location as string), `/users?where=[["${tag('1.likes')}","any","tea","coffee","hiking"]]`, 'Query takes what stands in the editor')
    const page = await world.as({ url: added.headers.location as string })
    t.match(page.body, 'City is <b>Berlin</b>')
    const without = await world.as({ url: `/users?form=query&${where(['attribute:name', 'filled'], ['attribute:city', 'is', 'Berlin'])}&without=1` })
    t.equal(decodeURIComponent(without.headers.location as string), '/users?where=[["attribute:city","is","Berlin"]]')
    const wrong = await world.as({ url: '/users?form=query&field=Lifetime+value&operator=range&value=abc&add=1' })
    t.match(wrong.body, 'is not a number')
    t.match(wrong.body, 'value="abc"', 'what was typed stays')
    t.match((await world.as({ url: '/users?form=query&field=Nothing&operator=is&value=x&add=1' })).body, 'does not exist here')
    t.equal(decodeURIComponent((await world.as({ url: '/users?form=query&field=Any+tag&operator=empty&add=1' })).headers.location as string), '/users?where=[["noTag"]]')
  })

  t.test('offers values while typing, most frequent first', async (t) => {
    const values = async (query: string) => [...(await world.as({ url: `/users/suggestions?${query}` })).body.matchAll(/option value="([^"]*)"/g)].map((match) => match[1])
    t.same(await values(`field=${tag('1.likes')}&value=`), ['tea', 'coffee', 'hiking'])
    t.same(await values(`field=${tag('2.lang')}&value=ENG`), ['English'])
    t.same(await values('field=tag:99999&value='), [])
    t.same(await values(`field=${tag('1.value')}&value=`), [])
    await world.db.insertInto('field_statistics').values({ field: `c${c['2.lang']}`, users_covered: '3', top_values: JSON.stringify([{ value: 'Klingon', count: 9 }, { value: 'English', count: 2 }]) }).execute()
    t.same(await values(`field=${tag('2.lang')}&value=`), ['Klingon', 'English'])
  })

  t.test('nobody matches: the page names the condition that costs most', async (t) => {
    const page = await world.as({ url: `/users?${where(['attribute:city', 'is', 'berlin'], [tag('1.likes'), 'any', 'hiking'], ['attribute:name', 'filled'])}` })
    t.match(page.body, 'No user matches all of these conditions')
    t.match(page.body, 'Without “Likes contains any of hiking” there would be 2 users.')
    t.match(page.body, 'Remove that condition')
  })

  t.test('says what is wrong with an address and keeps the rest of the query', async (t) => {
    const cases: Record<string, RegExp> = {
      'size=0': /20, 50, 100 or 200/, 'size=1000000000': /20, 50, 100 or 200/, 'after=garbage': /not known/, [`after=${Buffer.from('["created",1,null,"1 or 1"]').toString('base64url')}`]: /not known/,
      [`sort=attribute:city&after=${Buffer.from('["created",1,null,"1"]').toString('base64url')}`]: /not known/, [where(['tag:99999', 'is', 'x'])]: /does not exist here/, [where(['attribute:nothing', 'empty'])]: /does not exist here/,
      [where([tag('1.value'), 'is', 'abc'])]: /is not a number/, [where([tag('1.updated'), 'range', '2024-02-30', ''])]: /is not a date/, [where([tag('1.likes'), 'contains', 'x'])]: /another condition/, 'where=nonsense': /cannot be read/,
      'sort=tag:99999': /cannot be sorted/, [`sort=${tag('1.likes')}`]: /cannot be sorted/, 'sort=id:MOBILE': /cannot be sorted/
    }
    for (const [query, expected] of Object.entries(cases)) {
      const page = await world.as({ url: `/users?id=M1&${query}` })
      t.equal(page.statusCode, 422, query)
      t.match(page.body, expected, query)
      t.match(page.body, 'name="id" type="search" value="M1"', 'the query is not lost')
    }
    const hidden = await world.as({ url: `/users?${where(['tag:99999', 'is', 'x'], ['attribute:city', 'is', 'Berlin'])}` })
    t.match(hidden.body, 'City is <b>Berlin</b>')
  })

  t.test('a query that takes too long ends with advice', async (t) => {
    const client = await world.pool.connect()
    try {
      await client.query('begin')
      const { users_table: table } = await world.db.selectFrom('catalog_state').select('users_table').executeTakeFirstOrThrow()
      await client.query(`lock table ${table} in access exclusive mode`)
      const page = await world.as({ url: `/users?${where(['attribute:city', 'is', 'Berlin'])}` })
      t.equal(page.statusCode, 503)
      t.match(page.body, 'This query takes too long')
      t.match(page.body, 'City is <b>Berlin</b>')
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})

t.test('a page that a publication overtakes is asked again', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const { beginReading } = await import('../../src/users/queries/begin.ts')
  const { Access } = await import('../../src/access/access.ts')
  const { getCatalog } = await import('../../src/catalog/queries.ts')
  const access = Access.full(await getCatalog(world.db))
  await world.db.transaction().execute((trx) => beginReading(trx, access, 1000))
  await world.pool.query('update catalog_state set version = version + 1')
  await t.rejects(world.db.transaction().execute((trx) => beginReading(trx, access, 1000)), { message: /published anew/ })
  const original = Access.full
  t.teardown(() => { Access.full = original })
  let stale = true
  Access.full = (catalog) => {
    const made = original(stale ? { ...catalog, version: '0' } : catalog)
    stale = false
    return made
  }
  const first = await world.as({ url: '/users?size=20' })
  t.equal(first.statusCode, 307)
  t.equal(first.headers.location, '/users?size=20')
  t.equal((await world.as({ url: '/users?size=20' })).statusCode, 200)
})
