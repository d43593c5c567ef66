import t, { type Test } from 'tap'
import type { SourceGrant } from '../../src/access/grants.ts'
import { build } from '../helper.ts'
import { columnIds, makeWorld, md5, narrow, usersFor, usersOn, where } from './world.ts'

t.test('an operator who sees less', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const c = await columnIds(world)
  const tag = (name: string) => `tag:${c[name]}`
  /** An answer without the token of the session, which is random and may hold any two letters. */
  const get = async (url: string) => {
    const answer = await world.as({ url })
    return { statusCode: answer.statusCode, body: answer.body.replaceAll(/(csrf-token":"|name="_csrf" value=")[^"]*/g, '$1') }
  }
  const suggestions = async (field: string) => [...(await get(`/users/suggestions?field=${field}&value=`)).body.matchAll(/option value="([^"]*)"/g)].map((match) => match[1])
  const with_ = (columns: [number, 'hidden' | 'masked'][], rowCondition: SourceGrant['rowCondition'] = null): SourceGrant => ({ otherwise: 'full', columns: new Map(columns), rowCondition })
  const show = (refs: string[]) => world.db.insertInto('settings').values({ name: 'column_display', value: JSON.stringify(refs) }).onConflict((on) => on.column('name').doUpdateSet({ value: JSON.stringify(refs) })).execute()

  /** A request that names the field is answered, but for the name itself, exactly like one that names a field that never was. */
  async function isNowhere(t: Test, ref: string, never: string): Promise<void> {
    for (const make of [(name: string) => `/users?${where([name, 'filled'])}`, (name: string) => `/users?${where(['or', ['noTag'], ['not', [name, 'is', 'x']]])}`, (name: string) => `/users?sort=${name}`, (name: string) => `/users/suggestions?field=${name}&value=a`, (name: string) => `/users/conditions/editor?field=${name}`]) {
      const [asked, other] = [await get(make(ref)), await get(make(never))]
      t.equal(asked.statusCode, other.statusCode, make(ref))
      const plain = (text: string) => text.replaceAll(never, '?').replaceAll(ref, '?').replaceAll(encodeURIComponent(never), '?').replaceAll(encodeURIComponent(ref), '?')
      t.equal(plain(asked.body), plain(other.body), make(ref))
    }
  }

  t.test('without a table: its users, values, IDs and name are nowhere', async (t) => {
    await show([tag('2.lang'), tag('1.value')])
    narrow(t, { 2: null })
    const list = await get('/users')
    t.same(usersOn(list), ['4', '3', '2', '1'])
    t.notMatch(list.body, 'Mini-program')
    t.notMatch(list.body, 'Language')
    t.match((await get('/users/count')).body, '4 users')
    for (const id of ['U3', '13999999999', md5('13999999999'), 'o@example.com', '7', '5', '6']) t.same(await usersFor(world, `id=${id}`), [], id)
    t.same(await usersFor(world, 'id=1'), ['1'])
    for (const url of ['/users/7', '/users/5', '/users/7/rows', '/users/7/step?to=next&in=']) t.equal((await get(url)).statusCode, 404, url)
    for (const url of ['/users/1', '/users/1?tab=identity', '/users/1/rows']) {
      const { body } = await get(url)
      for (const secret of ['Mini-program', 'Language', 'UnionID', md5('13812345678'), 'U1']) t.notMatch(body, secret, `${url}: ${secret}`)
    }
    t.same(await usersFor(world, where(['noTag'])), ['3'])
    await isNowhere(t, tag('2.lang'), 'tag:99999')
    await isNowhere(t, 'id:UNION_ID', 'id:NEVER_WAS')
  })

  t.test('without the table a user first came in by', async (t) => {
    narrow(t, { 1: null })
    const list = await get('/users')
    t.same(usersOn(list), ['7', '2', '1'])
    t.match(list.body, 'another source')
    t.notMatch(list.body, 'Shop members')
    t.notMatch(list.body, '13812345678', 'the plain mobile stands in the hidden table only')
    t.match(list.body, 'Known only as an MD5 value')
    t.same(await usersFor(world, 'id=M1'), [])
    t.same(await usersFor(world, 'id=13812345678'), ['1'], 'through the visible MD5 value')
    t.same(await usersFor(world, 'sort=source'), ['7', '1', '2'])
    const { body } = await get('/users/1?tab=identity')
    t.notMatch(body, 'OneID')
    t.notMatch(body, 'same value as')
    t.match((await get('/users/1')).body, 'another source')
    t.match((await get('/users/1/rows')).body, 'Mini-program U1')
    t.notMatch((await get('/users/1/rows')).body, 'M1')
  })

  t.test('without a column', async (t) => {
    await show([tag('1.value'), tag('1.likes')])
    narrow(t, { 1: with_([[c['1.value']!, 'hidden'], [c['1.no']!, 'hidden'], [c['1.mobile']!, 'hidden']]) }, { city: 'hidden' })
    const list = await get('/users')
    t.match(list.body, 'Likes')
    for (const secret of ['Lifetime value', '12,480', '13900000004']) t.notMatch(list.body, secret)
    for (const url of ['/users/1', '/users/1?tab=identity', '/users/1/rows', '/users/columns', '/users/conditions/editor']) {
      const { body } = await get(url)
      for (const secret of ['Lifetime value', '12,480', 'OneID', '13812345678', '杭州市', '>City<', 'M1']) t.notMatch(body, secret, `${url}: ${secret}`)
    }
    t.same(await usersFor(world, 'id=M2'), [])
    t.same(await usersFor(world, 'id=13900000004'), [])
    t.same(await usersFor(world, where(['noTag'])), ['3'])
    await isNowhere(t, tag('1.value'), 'tag:99999')
    await isNowhere(t, 'attribute:city', 'attribute:never')
    await isNowhere(t, 'id:ONEID', 'id:NEVER_WAS')
  })

  t.test('with masked columns: only that there is a value is shown', async (t) => {
    await show([tag('1.likes'), tag('2.lang'), tag('1.value')])
    narrow(t, { 1: with_([[c['1.likes']!, 'masked'], [c['1.mobile']!, 'masked'], [c['1.value']!, 'masked']]), 2: with_([[c['2.lang']!, 'masked']]) }, { name: 'masked', member_level: 'masked' })
    for (const url of ['/users', '/users/1', '/users/1?tab=identity', '/users/1/rows']) {
      const { body } = await get(url)
      for (const secret of ['hiking', '13812345678', '12,480', '12480', 'Xiaomin', '中文', '>Gold<']) t.notMatch(body, secret, `${url}: ${secret}`)
    }
    t.match((await get('/users/1?tag=hiking')).body, 'No tag of this user fits the search.')
    const list = await get('/users')
    t.match(list.body, 'N***')
    t.match(list.body, '139****0004')
    t.notMatch(list.body, 'sort=attribute%3Aname')
    t.notMatch(list.body, 'level-label', 'a masked member level is no filter')
    t.equal((await get('/users?level=Gold')).statusCode, 422)
    t.same(await usersFor(world, 'id=13900000004'), ['4'], 'the exact whole value of a masked one is found')
    t.same(await usersFor(world, 'id=13999999999'), ['7'], 'the other mobile column is open')
    t.same(await suggestions(tag('1.likes')), [])
    await isNowhere(t, tag('1.likes'), 'tag:99999')
    await isNowhere(t, 'attribute:name', 'attribute:never')
    const editor = await get('/users/conditions/editor')
    t.notMatch(editor.body, 'Likes')
  })

  t.test('with a row condition: failing rows are as if absent', async (t) => {
    await show([tag('1.likes'), tag('1.value')])
    narrow(t, { 1: with_([], { field: 'attribute:city', operator: 'is', values: ['berlin'] }) })
    const list = await get('/users')
    t.same(usersOn(list), ['7', '4', '2', '1'], 'user 3 is only in a row that fails')
    t.notMatch(list.body, 'hiking')
    t.notMatch(list.body, '13812345678')
    t.match(list.body, 'another source')
    t.match((await get('/users/count')).body, '4 users')
    t.same(await usersFor(world, where([tag('1.likes'), 'any', 'tea'])), ['2'])
    t.same(await usersFor(world, where([tag('1.likes'), 'empty'])), ['7', '1'])
    t.same(await usersFor(world, where([tag('1.value'), 'range', '', '100'])), ['4', '2'])
    t.same(await usersFor(world, `sort=-${tag('1.value')}`), ['2', '4', '7', '1'])
    t.same(await usersFor(world, 'sort=source'), ['7', '2', '4', '1'])
    for (const id of ['M1', '3']) t.same(await usersFor(world, `id=${id}`), [], id)
    t.same(await usersFor(world, 'id=M2'), ['2'])
    t.same(await usersFor(world, 'id=5'), ['1'])
    t.same((await suggestions(tag('1.likes'))).toSorted(), ['coffee', 'tea'])
    t.equal((await get('/users/3')).statusCode, 404)
    const { body } = await get('/users/1?tab=identity')
    t.notMatch(body, 'OneID')
    t.match(body, '1 row of 1 source belongs')
    t.notMatch((await get('/users/1')).body, 'hiking')
    t.notMatch((await get('/users/1/rows')).body, 'M1')
    t.same(await usersFor(world, where(['noTag'])), [])
  })

  t.test('with a row condition on a tag that is hidden itself, and values set by hand on top', async (t) => {
    await show([tag('1.likes')])
    await world.db.insertInto('overrides').values({ row_number: '1', source_id: 1, column_id: c['1.likes']!, type: 'multi', value: '["golf"]', policy: 'keep' }).execute()
    t.teardown(() => world.db.deleteFrom('overrides').execute())
    narrow(t, { 1: with_([[c['1.value']!, 'hidden']], { and: [{ field: tag('1.value') as never, operator: 'range', values: ['', '100'] }, { not: { field: 'attribute:name', operator: 'empty', values: [] } }] }) })
    const list = await get('/users')
    t.same(usersOn(list), ['7', '4', '2', '1'])
    t.match(list.body, 'golf')
    t.notMatch(list.body, 'hiking')
    t.same(await usersFor(world, where([tag('1.likes'), 'any', 'golf'])), ['1'])
    t.match((await get('/users/1')).body, 'golf')
    t.notMatch(list.body, 'Lifetime value')
  })

  t.test('with nothing at all', async (t) => {
    narrow(t, { 1: null, 2: null })
    t.match((await get('/users')).body, 'No user to show')
    t.equal((await get('/users/1')).statusCode, 404)
    t.match((await get('/users/count')).body, 'no user')
  })
})
