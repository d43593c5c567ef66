import t from 'tap'
import { getCatalog } from '../../src/catalog/queries.ts'
import { undoEntry } from '../../src/overrides/undo.ts'
import { build } from '../helper.ts'
import { seed } from '../seed.ts'
import { plain, valueOf } from './values.ts'
import { columnIds, makeWorld, narrow } from './world.ts'

t.test('somebody or something else changes a value while it is edited', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const c = await columnIds(world)
  const { id: other } = await world.db.insertInto('operators').values({ email: 'min@example.com', name: 'Zhao Min', password_hash: '-' }).returning('id').executeTakeFirstOrThrow()
  const byOther = () => world.db.updateTable('overrides').set({ operator_id: other }).where('id', '=', world.db.selectFrom('overrides').select(({ fn }) => fn.max('id').as('id'))).execute()

  t.test('the second one to save is told what it is now, by whom, and chooses', async (t) => {
    const city = valueOf(world, '1', 'attribute:city')
    const mine = await city.open()
    await city.set('宁波市')
    await byOther()
    const told = await city.save({ value: '上海市', version: mine.version, was: mine.was })
    t.equal(told.statusCode, 409)
    t.match(plain(told.body), /Zhao Min set this to “宁波市” on \d{4}-\d\d-\d\d \d\d:\d\d, after you opened it\. Keep mine Take theirs/)
    t.match(told.body, 'value="上海市"', 'what was typed is still there')
    t.match(told.body, 'hx-trigger="submit"', 'leaving it decides nothing')
    t.match(await city.shown(), 'Edit city: 宁波市', 'nothing was written')
    const version = /name="version" value="([^"]+)"/.exec(told.body)![1]!
    t.match(plain((await city.save({ value: '上海市', version, was: '宁波市' })).body), 'Edit city: 上海市', 'mine is kept')
  })

  t.test('who typed the same, or nothing at all, is not asked', async (t) => {
    const city = valueOf(world, '2', 'attribute:city')
    const { version, was } = await city.open()
    await city.set('Hamburg')
    t.equal((await city.save({ value: 'Hamburg', version, was })).statusCode, 200)
    const untouched = await city.save({ value: was, version, was })
    t.equal(untouched.statusCode, 200)
    t.match(plain(untouched.body), 'Edit city: Hamburg')
  })

  t.test('a return and an undo are told as such', async (t) => {
    const level = valueOf(world, '1', 'attribute:member_level')
    await level.set('Diamond')
    const opened = await level.open()
    await level.giveBack()
    await byOther()
    t.match(plain((await level.save({ value: 'Silver', version: opened.version, was: opened.was })).body), /Zhao Min gave this back to its source on .*: it is “Gold” now/)
    const set = /history\/(\d+)\/undo/.exec((await level.set('Platinum')).body)![1]!
    const again = await level.open()
    await undoEntry(world.db, await getCatalog(world.db), 'Asia/Shanghai', set, { id: other, name: 'Zhao Min' })
    t.match(plain((await level.save({ value: 'Silver', version: again.version, was: again.was })).body), /Zhao Min took a change of this back on .*: it is “Gold” now/)
  })

  t.test('an import is told as such, and marks what was set by hand where the source has changed', async (t) => {
    const value = valueOf(world, '2', `tag:${c['1.value']}`)
    const level = valueOf(world, '2', 'attribute:member_level')
    const opened = await value.open()
    await level.set('Diamond')
    await seed(world, { alias: 'Shop members', key: { column: 'no' }, columns: [] }, 'no,mobile,name,city,level,likes,value,updated\nM2,13900000002,Olivia,Berlin,Bronze,tea,6,2026-07-05 10:00:00')
    t.match(plain((await value.save({ value: '7', version: opened.version, was: opened.was })).body), 'An import changed this after you opened it: it is “6” now.')
    const shown = await level.shown()
    t.match(shown, /Diamond by hand : Member level, source has changed since The source has changed since: Silver → Bronze in the import of \d{4}-\d\d-\d\d\./)
    t.match(shown, /Source value Bronze , Shop members/)
    const profile = await world.as({ url: '/users/2' })
    t.match(profile.body, 'override-moved')
    t.match(profile.body, /href="\/settings\/imports\/\d+">import of/)
  })

  t.test('the version of another user, another field or none at all is not taken for this one', async (t) => {
    const city = valueOf(world, '4', 'attribute:city')
    const other = await valueOf(world, '2', 'attribute:city').open()
    const field = await valueOf(world, '4', 'attribute:name').open()
    for (const version of [other.version, field.version, '', 'x'.repeat(10_000)]) t.equal((await city.save({ value: 'Köln', version, was: '' })).statusCode, 409)
    t.match(await city.shown(), 'Edit city: berlin')
  })

  t.test('sources that may not be seen are another source, and rows that fail are as if absent', async (t) => {
    const likes = valueOf(world, '1', `tag:${c['1.likes']}`)
    await likes.set('golf')
    await valueOf(world, '1', 'attribute:name').set('Wang')
    narrow(t, { 2: null })
    t.match(await valueOf(world, '1', 'attribute:name').shown(), /Source value Xiaomin , another source Set by/)
    narrow(t, { 1: { otherwise: 'full', columns: new Map(), rowCondition: { field: 'attribute:gender', operator: 'filled', values: [] } } })
    t.match(await likes.shown(), /golf by hand : Likes Source value empty , Shop members Set by/)
    t.notMatch(await likes.shown(), 'tea')
    t.match(await valueOf(world, '1', 'attribute:city').shown(), /Source value 杭州市 , another source/)
  })
})
