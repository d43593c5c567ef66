import t from 'tap'
import { build } from '../helper.ts'
import { seed } from '../seed.ts'
import { plain, valueOf } from './values.ts'
import { columnIds, makeWorld, narrow, usersFor, where } from './world.ts'

t.test('users are found by what was set by hand', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const c = await columnIds(world)
  const likes = `tag:${c['1.likes']}`
  const lang = `tag:${c['2.lang']}`
  const set = (user: string, ref: string, text: string) => valueOf(world, user, ref).set(text)
  const found = (...conditions: unknown[]) => usersFor(world, where(...conditions))
  await set('1', 'attribute:city', '宁波市')
  await set('2', likes, 'golf')
  await set('4', likes, '')
  await set('7', lang, 'Deutsch')
  const undone = /history\/(\d+)\/undo/.exec((await set('3', 'attribute:age', '30')).body)![1]!

  t.test('any value, or of one tag or attribute, empty ones too', async (t) => {
    t.same(await found(['byHand', 'any']), ['7', '4', '3', '2', '1'])
    t.same(await found([likes, 'hand']), ['4', '2'])
    t.same(await found(['attribute:city', 'hand']), ['1'])
    t.same(await found(['not', [likes, 'hand']]), ['7', '3', '1'])
    t.same(await found([likes, 'hand'], [likes, 'filled']), ['2'])
    t.same(await found(['byHand', 'any', '2']), ['7'])
    t.same(await found(['byHand', 'any', '1']), ['4', '2', '1'], 'a source has a part in the attributes that it feeds')
  })

  t.test('what was undone, given back or ended is not', async (t) => {
    await world.as({ method: 'POST', url: `/history/${undone}/undo`, form: {} })
    t.same(await found(['attribute:age', 'hand']), [])
    await valueOf(world, '7', lang).giveBack()
    t.same(await found([lang, 'hand']), [])
    t.same(await found(['byHand', 'any']), ['4', '2', '1'])
  })

  t.test('whose source has changed since, with a way there from the run', async (t) => {
    t.same(await found(['byHand', 'moved']), [])
    const { runId } = await seed(world, { alias: 'Shop members', key: { column: 'no' }, columns: [] }, 'no,mobile,name,city,level,likes,value,updated\nM2,13900000002,Olivia,Berlin,Silver,tea|milk,5,2026-07-05 10:00:00\nM4,13900000004,<b>x</b>,berlin,,coffee,-3.5,2026-07-05 10:00:00')
    t.same(await found(['byHand', 'moved']), ['2'])
    t.same(await found([likes, 'moved']), ['2'])
    t.same(await found(['attribute:city', 'moved']), [])
    const page = await world.as({ url: `/settings/imports/${runId}` })
    t.match(plain(page.body), '1 hand-set value now differs from its source Show their users')
    const href = /differs from its source<\/span> <a href="([^"]+)"/.exec(page.body)![1]!.replaceAll('&amp;', '&')
    t.same(await usersFor(world, href.split('?')[1]!), ['2'])
    t.match(plain((await world.as({ url: href })).body), 'Any value of Shop members is set by hand, source has changed since')
  })

  t.test('where two decisions meet in one user, the one that shows is asked', async (t) => {
    const insert = async (row: string) => (await world.db.insertInto('overrides').values({ row_number: row, source_id: 1, column_id: c['1.likes']!, type: 'multi', value: '["x"]', policy: 'keep' }).returning('id').executeTakeFirstOrThrow()).id
    const first = await insert('5')
    await world.db.insertInto('override_drift').values({ override_id: first }).execute()
    t.same(await found([likes, 'moved']), ['2', '1'])
    const second = await insert('1')
    t.same(await found([likes, 'moved']), ['2'])
    t.same(await found([likes, 'hand']), ['4', '2', '1'])
    await world.db.deleteFrom('overrides').where('id', 'in', [first, second]).execute()
  })

  t.test('by the condition editor', async (t) => {
    t.match((await world.as({ url: '/users/conditions/editor?field=Any+value' })).body, /<option value="hand" selected>is set by hand<\/option>\s*<option value="moved">/)
    t.match((await world.as({ url: '/users/conditions/editor?field=Likes' })).body, '<option value="moved">is set by hand, source has changed since</option>')
    t.equal((await world.as({ url: '/users?form=query&add=1&field=Any+value&operator=moved' })).headers.location, `/users?${new URLSearchParams({ where: '[["byHand","moved"]]' })}`)
    t.equal((await world.as({ url: '/users?form=query&add=1&field=Likes&operator=hand&value=x' })).headers.location, `/users?${new URLSearchParams({ where: `[["${likes}","hand"]]` })}`)
  })

  t.test('only by what may be seen', async (t) => {
    narrow(t, { 1: { otherwise: 'full', columns: new Map([[c['1.likes']!, 'hidden']]) } }, { city: 'masked' })
    t.same(await found(['byHand', 'any']), [])
    for (const ref of [likes, 'attribute:city']) t.equal((await world.as({ url: `/users?${where([ref, 'hand'])}` })).statusCode, 422)
    narrow(t, { 2: null })
    t.equal((await world.as({ url: `/users?${where(['byHand', 'any', '2'])}` })).statusCode, 422)
    t.equal((await world.as({ url: `/users?${where(['byHand', 'any', '99'])}` })).statusCode, 422)
    narrow(t, { 1: { otherwise: 'full', columns: new Map(), rowCondition: { field: 'attribute:name', operator: 'filled', values: [] } } })
    t.same(await found([likes, 'hand']), ['4', '2'])
    t.same(await found([likes, 'moved']), [], 'of hidden rows it is not told what became of them')
  })

  t.test('what cannot be read is refused', async (t) => {
    for (const bad of [['byHand'], ['byHand', 'x'], ['byHand', 'any', '0'], ['byHand', 'any', "1'"], ['byHand', 'any', '1', '2'], [likes, 'hand', 'x'], ['id:MOBILE', 'hand'], ['id', 'moved']]) t.equal((await world.as({ url: `/users?${where(bad)}` })).statusCode, 422, JSON.stringify(bad))
  })
})
