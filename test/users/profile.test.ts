import t from 'tap'
import { build } from '../helper.ts'
import { seed } from '../seed.ts'
import { columnIds, longNote, makeWorld, md5, where } from './world.ts'

t.test('a profile', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const c = await columnIds(world)
  const get = (url: string, part?: string) => world.as({ url, ...(part ? { headers: { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': `div#${part}` } } : {}) })

  t.test('shows who it is and what is known, with the source of each tag', async (t) => {
    const { body, statusCode } = await get('/users/1')
    t.equal(statusCode, 200)
    t.match(body, '<h1 id="user-called">Xiaomin</h1>', 'the latest name')
    t.match(body, /Initial source<\/dt><dd><p class="fact-value">Shop members/)
    t.match(body.replace(/\s+/g, ' '), /Lifetime value<\/dt> <dd class="tag-value ?">.*?<span>12,480.00<\/span>.*?<\/dd> <dd class="tag-source">Shop members/)
    t.match(body, /<span class="pill">tea<\/span><span class="visually-hidden">, <\/span><span class="pill">hiking<\/span>/)
    t.match(body, new RegExp(`role="tooltip" id="field-tag-${c['2.note']}-whole">${longNote}`), 'a long value is a hint')
    t.notMatch(body, 'rel="next"', 'there is no query to step through')
    t.match((await get('/users/4')).body, '>&lt;b&gt;x&lt;/b&gt;</h1>')
    t.match((await get('/users/3')).body, '>User 3</h1>')
  })

  t.test('hides empty tags and searches in names and values', async (t) => {
    const hidden = await get('/users/4?empty=hide', 'user-tags')
    t.match(hidden.body, 'coffee')
    t.notMatch(hidden.body, 'Language')
    t.notMatch(hidden.body, '<html')
    t.match((await get('/users/1?tag=CONCIERGE')).body, 'concierge')
    t.notMatch((await get('/users/1?tag=CONCIERGE', 'user-tags')).body, 'Likes')
    t.match((await get('/users/1?tag=nothing', 'user-tags')).body, 'No tag of this user fits the search.')
  })

  t.test('lists its IDs with where they are from', async (t) => {
    const { body } = await get('/users/1?tab=identity')
    t.match(body, /OneID <span class="count">1</)
    t.match(body, /Mobile <span class="count">2</)
    t.match(body, 'MD5, same value as 13812345678')
    t.match(body, `data-copy="${md5('13812345678')}"`)
    t.match(body, '2 rows of 2 sources belong to this user.')
    const part = await get('/users/1?tab=identity', 'user-information')
    t.notMatch(part.body, '<html')
  })

  t.test('says why its rows belong together', async (t) => {
    const { body } = await get('/users/1/rows')
    t.match(body, 'Shop members M1')
    t.match(body.replace(/\s+/g, ' '), 'shares Mobile <code>13812345678</code> with Mini-program U1')
  })

  t.test('old IDs lead on, unknown ones nowhere', async (t) => {
    const old = await get('/users/5?in=size%3D20')
    t.equal(old.statusCode, 302)
    t.equal(old.headers.location, '/users/1?in=size%3D20')
    for (const id of ['99', '0', 'abc', '-1', '1e3', '9'.repeat(30), '1%00', "1'"]) t.equal((await get(`/users/${id}`)).statusCode, 404, id)
  })

  t.test('steps through the query it was opened from', async (t) => {
    const list = await get(`/users?${where(['attribute:city', 'filled'])}&sort=attribute:city`)
    const href = /href="(\/users\/2\?in=[^"]*)"/.exec(list.body)![1]!.replaceAll('&amp;', '&')
    const profile = await get(href)
    const next = /href="([^"]+)" rel="next"/.exec(profile.body)![1]!.replaceAll('&amp;', '&')
    const after = await get(next)
    t.equal(after.statusCode, 303)
    t.match(after.headers.location, /^\/users\/4\?in=where/)
    const previous = /href="([^"]+)" rel="prev"/.exec(profile.body)![1]!.replaceAll('&amp;', '&')
    const end = await get(previous)
    t.match(end.headers.location, /^\/users\/2\?in=/)
    t.match((await get(end.headers.location as string)).body, 'This is the first user of the query.')
    t.match((await get(`/users/7/step?to=previous&in=`)).headers.location, /^\/users\/7/)
    t.equal((await get('/users/99/step?to=next&in=')).statusCode, 404)
  })

  t.test('superseded single values are marked', async (t) => {
    await seed(world, { alias: 'Third', key: { column: 'k' }, columns: [
      { name: 'k', kind: 'ignore', type: 'text' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'one', kind: 'id', type: 'text', idType: 'ONEID' }
    ] }, 'k,mobile,one\nx,13700000001,A1\ny,13700000001,')
    await world.pool.query("update id_types set single = true where code = 'MOBILE'")
    await world.pool.query('update catalog_state set version = version + 1')
    await seed(world, { alias: 'Third', key: { column: 'k' }, columns: [] }, 'k,mobile,one\nx,13700000001,A1\ny,13700000001,A1\nz,13700000002,A1')
    const found = await get('/users?id=A1')
    const user = /name="user" value="(\d+)"/.exec(found.body)![1]
    t.match((await get(`/users/${user}?tab=identity`)).body, 'superseded')
  })

  t.test('a user without rows says since when and why', async (t) => {
    const { sourceId } = await seed(world, { alias: 'Gone', key: { column: 'k' }, columns: [{ name: 'k', kind: 'ignore', type: 'text' }, { name: 'a', kind: 'tag', type: 'text' }] }, 'k,a\n1,x\n2,y')
    const { rows } = await world.pool.query(`select row_number from ${(await world.db.selectFrom('sources').select('rows_table').where('id', '=', sourceId).executeTakeFirstOrThrow()).rows_table} order by 1`)
    await seed(world, { alias: 'Gone', key: { column: 'k' }, columns: [] }, 'k,a\n2,y', { whole: true })
    const page = await get(`/users/${rows[0].row_number}`)
    t.equal(page.statusCode, 410)
    t.match(page.body, 'has no rows any more')
    t.match(page.body, /of Gone was removed on \d{4}-\d\d-\d\d \d\d:\d\d: it was not in the file/)
    t.notMatch((await get('/users')).body, `value="${rows[0].row_number}"`)
  })
})
