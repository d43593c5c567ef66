import t from 'tap'
import { build } from '../helper.ts'
import { columnIds, makeWorld, narrow } from './world.ts'

t.test('Column Display', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const c = await columnIds(world)
  const likes = `tag:${c['1.likes']}`
  const value = `tag:${c['1.value']}`
  const post = (form: Record<string, string | string[]>) => world.as({ method: 'POST', url: '/users/columns', form })

  t.test('is remembered for the installation, in the chosen order', async (t) => {
    t.match((await world.as({ url: '/users/columns' })).body, 'Nothing chosen')
    const saved = await post({ in: '/users?size=20', column: [value], shown: [likes], tick: [likes], act: 'save' })
    t.equal(saved.statusCode, 303)
    t.equal(saved.headers.location, '/users?size=20')
    const list = await world.as({ url: '/users' })
    t.match(list.body.replace(/\s+/g, ' '), /Lifetime value<\/a><\/th> <th scope="col">Likes</)
    t.match(list.body, /class="cell-number">12,480.00</)
    const [entry] = await world.db.selectFrom('history_entries').select(['title', 'operator_name']).where('kind', '=', 'settings').execute()
    t.same(entry, { title: 'Changed the columns of the user list', operator_name: 'Lin Yating' })
  })

  t.test('works without a script: groups, search, order and away, each by a button', async (t) => {
    const group = await post({ column: [value, likes], act: 'group Attributes' })
    t.match(group.body, 'City')
    t.notMatch(group.body, 'id="offer-tag')
    const found = await post({ column: [value], search: 'LIFE', act: 'search' })
    t.match(found.body, /value="tag:\d+" checked> <span>Lifetime value/)
    t.match((await post({ search: 'zzz', act: 'search' })).body, 'No attribute or tag has this in its name.')
    const order = (body: string) => [...body.matchAll(/name="column" value="([^"]+)"/g)].map((match) => match[1])
    t.same(order((await post({ column: [value, likes], act: `up ${likes}` })).body), [likes, value])
    t.same(order((await post({ column: [value, likes], act: `down ${value}` })).body), [likes, value])
    t.same(order((await post({ column: [value, likes], act: `remove ${value}` })).body), [likes])
    t.same(order((await post({ column: [value, likes], shown: [value, likes], tick: [likes], act: 'search' })).body), [likes], 'unticking takes away')
    t.same(order((await post({ column: ['tag:99999', 'attribute:nothing', 'id:MOBILE', value], act: 'search' })).body), [value], 'what does not exist is not offered')
  })

  t.test('goes back to the list only, and refuses too many', async (t) => {
    t.equal((await post({ in: 'https://evil.example', act: 'save' })).headers.location, '/users')
    t.equal((await post({ in: '//evil.example', act: 'save' })).headers.location, '/users')
    t.same((await world.db.selectFrom('settings').select('value').where('name', '=', 'column_display').executeTakeFirst())?.value, [])
  })

  t.test('what an operator does not see stays chosen', async (t) => {
    await post({ column: [value, likes], act: 'save' })
    narrow(t, { 1: { otherwise: 'full', columns: new Map([[c['1.value']!, 'hidden']]) } })
    t.notMatch((await world.as({ url: '/users' })).body, 'Lifetime value')
    t.notMatch((await world.as({ url: '/users/columns' })).body, 'Lifetime value')
    await post({ column: [], act: 'save' })
    t.same((await world.db.selectFrom('settings').select('value').where('name', '=', 'column_display').executeTakeFirst())?.value, [value])
  })
})
