import t from 'tap'
import { getCatalog } from '../../src/catalog/queries.ts'
import { build, type TestApp } from '../helper.ts'
import { columnIds, makeWorld, narrow } from '../users/world.ts'

type Form = Record<string, string | string[]>

/** What is shown of a tag of a user, and how many decisions there are. */
async function shown({ db, pool }: TestApp, user: string, column: number): Promise<unknown> {
  const { sources } = await getCatalog(db)
  const source = sources.find((one) => one.columns.some(({ id }) => id === column))
  return (await pool.query(`select c${column} as value from ${source?.valuesTable} where user_id = $1`, [user])).rows[0]?.value ?? null
}

t.test('tagging one user', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const c = await columnIds(world)
  const [likes, lang, value, updated] = ['1.likes', '2.lang', '1.value', '1.updated'].map((name) => c[name] as number) as [number, number, number, number]
  const decisions = async () => (await world.db.selectFrom('overrides').selectAll().orderBy('id').execute())
  const post = (user: string, form: Form) => world.as({ method: 'POST', url: `/users/${user}/taggings`, form: { back: '/users', ...form } })
  const choose = (...choices: string[]): Form => ({ choice: choices, act: 'save' })

  t.test('the dialog offers text and multi-value tags by group, with their values by frequency', async (t) => {
    const page = await world.as({ url: '/users/1/taggings/new', headers: { host: 'console.example', referer: 'http://console.example/users?level=Gold' } })
    t.equal(page.statusCode, 200)
    t.match(page.body, 'Tag Xiaomin')
    for (const label of ['Likes', 'Language', 'Note']) t.match(page.body, new RegExp(`${label} <span class="count">`))
    for (const label of ['Lifetime value', 'Updated']) t.notMatch(page.body, `${label} <span`)
    t.match(page.body, 'name="back" value="/users?level=Gold"', 'it leads back to where it was opened')
    const values = [...page.body.matchAll(/name="value" value="([^"]*)"/g)].map((match) => match[1])
    t.same(values, ['tea', 'coffee', 'hiking'])
    const fragment = await world.as({ url: '/users/1/taggings/new', headers: { 'hx-request-type': 'partial', 'hx-target': 'dialog#dialog' } })
    t.notMatch(fragment.body, '<html')
    t.match(fragment.body, 'autofocus')
  })

  t.test('every small button sends all that was chosen so far', async (t) => {
    const ticked = await post('1', { tag: String(likes), mode: 'add', shown: ['tea', 'coffee', 'hiking'], value: ['coffee', 'tea'], act: `tag ${lang}` })
    t.same(choices(ticked.body), [`${likes} add coffee`, `${likes} add tea`])
    t.match(ticked.body, 'type="radio" id="value-0" name="value" value="English"')
    const typed = await post('1', { tag: String(lang), choice: choices(ticked.body), search: ' Deutsch ', act: 'take' })
    t.same(choices(typed.body), [`${likes} add coffee`, `${likes} add tea`, `${lang} set Deutsch`], 'a new value')
    const other = await post('1', { tag: String(lang), choice: choices(typed.body), value: 'English' })
    t.same(choices(other.body).at(-1), `${lang} set English`, 'a text tag has one value')
    const removed = await post('1', { tag: String(likes), mode: 'remove', choice: choices(other.body), shown: ['tea', 'coffee', 'hiking'], value: ['tea'] })
    t.same(choices(removed.body), [`${likes} remove tea`, `${lang} set English`], 'what was unticked is gone, and the mode is that of the tag')
    const dropped = await post('1', { tag: String(likes), mode: 'remove', choice: choices(removed.body), shown: ['tea'], value: ['tea'], act: 'drop 1' })
    t.same(choices(dropped.body), [`${lang} set English`])
    const searched = await post('1', { tag: String(likes), mode: 'add', search: 'ea' })
    t.same([...searched.body.matchAll(/name="value" value="([^"]*)"/g)].map((match) => match[1]), ['tea', 'ea'], 'what fits, and what is typed as a new value')
    t.same(await decisions(), [], 'nothing was written so far')
  })

  t.test('OK sets all of it at once, keeps it, and can be taken back', async (t) => {
    const answer = await post('1', choose(`${likes} add golf`, `${likes} add tea`, `${lang} set English`))
    t.equal(answer.statusCode, 303)
    t.equal(answer.headers.location, '/users')
    t.same(await shown(world, '1', likes), ['tea', 'hiking', 'golf'])
    t.equal(await shown(world, '1', lang), 'English')
    const made = await decisions()
    t.same(made.map((one) => [one.policy, one.column_id, one.entry_id]), [['keep', likes, made[0]!.entry_id], ['keep', lang, made[0]!.entry_id]])
    const entry = await world.db.selectFrom('history_entries').selectAll().where('id', '=', made[0]!.entry_id!).executeTakeFirstOrThrow()
    t.match(entry, { kind: 'tag', title: 'Tag Likes, Language', users_affected: '1', fields: [`tag:${likes}`, `tag:${lang}`] })
    const page = await world.as({ url: '/users' })
    t.match(page.body, 'Likes, Language of Xiaomin are set and kept.')
    t.match(page.body, `/history/${entry.id}/undo`)
    await post('1', choose(`${lang} set English`))
    t.equal((await decisions()).length, 3, 'an equal value is recorded too')
    await world.as({ method: 'POST', url: `/history/${(await decisions()).at(-1)!.entry_id}/undo`, form: {} })
    await world.as({ method: 'POST', url: `/history/${entry.id}/undo`, form: {} })
    t.same(await shown(world, '1', likes), ['tea', 'hiking'])
    t.equal(await shown(world, '1', lang), '中文')
  })

  t.test('replaces and removes values, also of who has no row in the source, by an old ID too', async (t) => {
    await post('5', choose(`${likes} replace golf`, `${likes} replace yoga`))
    t.same(await shown(world, '1', likes), ['golf', 'yoga'], '5 is a row of user 1')
    await post('1', choose(`${likes} remove golf`, `${likes} remove never`))
    t.same(await shown(world, '1', likes), ['yoga'])
    await post('7', choose(`${likes} add golf`))
    t.same(await shown(world, '7', likes), ['golf'])
  })

  t.test('in the dialog it closes, says so, and what shows the user is read anew', async (t) => {
    const answer = await world.as({ method: 'POST', url: '/users/2/taggings', form: { back: '/users', ...choose(`${likes} add golf`) } as never, headers: { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'dialog#dialog' } })
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers['hx-trigger'], 'dialog:close, user-2-changed')
    t.match(answer.body, 'hx-target="#flash"')
    t.match(answer.body, /\/history\/\d+\/undo/)
    t.match((await world.as({ url: '/users/2' })).body, 'hx-trigger="user-2-changed from:document"')
    t.match((await world.as({ url: '/users' })).body, 'hx-trigger="user-2-changed from:document"')
  })

  t.test('what cannot be taken is said, with nothing written', async (t) => {
    const before = (await decisions()).length
    const cases: [string, Form, RegExp][] = [
      ['a number tag', choose(`${value} set 5`), /only text and multi-value tags/], ['a time tag', choose(`${updated} set 2026-01-01`), /only text and multi-value tags/],
      ['an ID column', choose(`${c['1.mobile']} set 138`), /does not exist here/], ['an attribute column', choose(`${c['1.city']} set x`), /does not exist here/], ['an unknown tag', choose('99999 set x'), /does not exist here/],
      ['one wrong among good ones', choose(`${likes} add tea`, `${value} set 5`), /only text and multi-value tags/],
      ['a value of 1 MB', choose(`${lang} set ${'x'.repeat(1_000_000)}`), /at most 1,000 characters; this one has 1,000,000/],
      ['the delimiter in a value', choose(`${likes} add a|b`), /“\|” separates the values of Likes in Shop members/],
      ['an empty value', choose(`${lang} set `), /Choose a value of Language/], ['two ways for one tag', choose(`${likes} add a`, `${likes} remove b`), /has changed meanwhile/],
      ['a way that does not fit', choose(`${likes} set a`), /has changed meanwhile/], ['nothing', choose(), /Choose a value first/], ['only a search', { act: 'save', tag: String(likes), search: 'te' }, /press Enter in the search/],
      ['too many', choose(...Array.from({ length: 201 }, (_, n) => `${likes} add v${n}`)), /At most 200 values/], ['no sense', choose('x', '1', `${likes}`), /Choose a value first/]
    ]
    for (const [what, form, message] of cases) {
      const answer = await post('1', form)
      t.equal(answer.statusCode, 422, what)
      t.match(answer.body, message, what)
    }
    const typed = await post('1', { tag: String(likes), search: 'a|b', act: 'take' })
    t.match(typed.body, /role="alert".*“\|” separates/, 'and where it is typed')
    t.match(typed.body, 'value="a|b"', 'which stays there')
    for (const user of ['99', 'x', '0', '9'.repeat(30)]) t.equal((await post(user, choose(`${lang} set x`))).statusCode, 404, user)
    const away = await post('1', { back: '//elsewhere.example/', act: '' })
    t.match(away.body, 'name="back" value="/users/1"')
    t.equal((await decisions()).length, before)
  })

  t.test('an operator who sees less tags less', async (t) => {
    narrow(t, { 1: { otherwise: 'full', columns: new Map([[likes, 'masked']]), rowCondition: { field: `tag:${value}`, operator: 'range', values: ['0', ''] } }, 2: { otherwise: 'full', columns: new Map([[lang, 'hidden']]) } }, { name: 'hidden' })
    const before = (await decisions()).length
    const page = await world.as({ url: '/users/1/taggings/new' })
    for (const secret of ['Likes', 'Language', 'English', 'coffee', 'Xiaomin']) t.notMatch(page.body, secret)
    t.match(page.body, 'Tag User 1')
    const plain = (text: string, id: number) => text.replaceAll(/_csrf" value="[^"]*"|x-csrf-token":"[^"]*"/g, '').replaceAll(`"${id} `, `"? `)
    const never = await post('1', choose('99999 set x'))
    for (const id of [likes, lang]) {
      const answer = await post('1', choose(`${id} set x`))
      t.equal(answer.statusCode, 422)
      t.equal(plain(answer.body, id), plain(never.body, 99999), 'hidden and masked are answered like never there')
    }
    for (const user of ['3', '4']) t.equal((await post(user, choose(`${c['2.note']} set x`))).statusCode, 404, `user ${user} is not seen`)
    t.equal((await decisions()).length, before)
    t.equal((await post('1', choose(`${c['2.note']} set x`))).statusCode, 303)
  })
})

function choices(body: string): string[] {
  return [...body.matchAll(/name="choice" value="([^"]*)"/g)].map((match) => match[1] as string)
}
