import t from 'tap'
import { build, type TestApp } from '../helper.ts'
import { seed } from '../seed.ts'
import { plain, valueOf } from './values.ts'
import { columnIds, makeWorld, narrow } from './world.ts'

const part = { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'dialog#dialog' }

/** The form of the dialog as it was opened: every field with what it holds. */
async function open(world: TestApp, user: string, headers: Record<string, string> = part) {
  const { body, statusCode } = await world.as({ url: `/users/${user}/edit`, headers })
  return { body, statusCode, form: formOf(body) }
}

function formOf(body: string): Record<string, string> {
  const hidden = [...body.matchAll(/name="((?:version|value)-\w+)"[^>]*? value="([^"]*)"/g)].map((match) => [match[1]!, match[2]!])
  const chosen = [...body.matchAll(/name="(value-\w+)"[^>]*>(?:<option[^>]*>[^<]*<\/option>)*?<option value="([^"]*)" selected>/g)].map((match) => [match[1]!, match[2]!])
  const texts = [...body.matchAll(/<textarea[^>]* ?name="((?:was|value)-\w+)"[^>]*>\n([^<]*)</g)].map((match) => [match[1]!, match[2]!])
  return Object.fromEntries([...hidden, ...chosen, ...texts]) as Record<string, string>
}

t.test('all attributes of a user are edited at once', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const send = (user: string, form: Record<string, string>, headers: Record<string, string> = part) => world.as({ method: 'POST', url: `/users/${user}/edit`, headers, form })
  const entries = async () => Number((await world.db.selectFrom('history_entries').select(({ fn }) => fn.countAll<string>().as('n')).where('kind', '=', 'edit').executeTakeFirstOrThrow()).n)

  t.test('OK saves what was touched in one act; the row is read anew, and Undo is offered', async (t) => {
    t.match((await world.as({ url: '/users' })).body, /<a href="\/users\/1\/edit" id="edit-user-1" hx-get="\/users\/1\/edit" hx-target="#dialog"/)
    const { body, form } = await open(world, '1')
    t.notMatch(body, '<html')
    for (const label of ['Name', 'Gender', 'Age', 'Birthday', 'City', 'Province', 'Member level', 'Registration time']) t.match(body, `>${label}</label>`)
    t.match(body, '<option value="Gold">', 'member levels are offered')
    const answer = await send('1', { ...form, 'value-name': 'Wang', 'value-gender': 'female', 'value-age': '38' })
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers['hx-trigger'], 'dialog:close, user-1-changed')
    t.match(plain(answer.body), 'Wang was edited. Undo')
    t.equal(await entries(), 1)
    const row = await world.as({ url: '/users/1/row', headers: part })
    t.match(row.body, /title="Wang">Wang<\/a>\s*<span class="hand-mark" title="Set by hand">/)
    const again = await open(world, '1')
    t.match(plain(again.body), 'Set by hand on 2')
    t.match(again.body, 'value="female" selected')
  })

  t.test('untouched, nothing is written', async (t) => {
    const before = await entries()
    const answer = await send('1', (await open(world, '1')).form)
    t.equal(answer.statusCode, 200)
    t.notMatch(answer.body, 'Undo')
    t.equal(answer.headers['hx-trigger'], 'dialog:close, user-1-changed')
    await send('1', { 'value-city': '杭州市' })
    t.equal(await entries(), before)
    t.match(await valueOf(world, '1', 'attribute:member_level').shown(), 'Gold', 'fields that a form leaves out stay')
  })

  t.test('all or nothing: one wrong value keeps the dialog with what was typed', async (t) => {
    const { form } = await open(world, '2')
    const answer = await send('2', { ...form, 'value-name': 'Olivia B', 'value-birthday': '2999-01-01', 'value-age': 'old' })
    t.equal(answer.statusCode, 422)
    t.match(plain(answer.body), 'A birthday cannot be in the future.')
    t.match(plain(answer.body), '“old” is not a number')
    t.match(answer.body, 'value="Olivia B"')
    t.match(answer.body, /id="edit-age"[^>]*value="old"[^>]*aria-invalid="true" aria-describedby="edit-age-error" autofocus/)
    t.notMatch(await valueOf(world, '2', 'attribute:name').shown(), 'Olivia B')
  })

  t.test('who comes second is told by whom a field was changed, and chooses', async (t) => {
    const { form } = await open(world, '2')
    await valueOf(world, '2', 'attribute:city').set('Hamburg')
    await valueOf(world, '2', 'attribute:province').set('HH')
    const told = await send('2', { ...form, 'value-city': 'Köln', 'value-name': 'Olivia C' })
    t.equal(told.statusCode, 409)
    t.match(plain(told.body), 'Lin Yating changed this to “Hamburg” meanwhile. OK sets yours.')
    t.match(told.body, 'value="Köln"')
    t.notMatch(told.body, 'value="province">Take', 'what was not touched is not asked')
    t.notMatch(await valueOf(world, '2', 'attribute:name').shown(), 'Olivia C')
    const theirs = await send('2', { ...formOf(told.body), 'value-city': 'Köln', 'value-name': 'Olivia C', theirs: 'city' })
    t.match(theirs.body, 'value="Hamburg"')
    t.match(theirs.body, 'value="Olivia C"')
    t.equal((await send('2', { ...formOf(told.body), 'value-city': 'Köln', 'value-name': 'Olivia C' })).statusCode, 200)
    t.match(await valueOf(world, '2', 'attribute:city').shown(), 'Köln')
    t.match(await valueOf(world, '2', 'attribute:province').shown(), 'HH')
  })

  t.test('without a script it is a page', async (t) => {
    const { body, form } = await open(world, '4', { host: 'console.example', referer: 'http://console.example/users?size=20' })
    t.match(body, '<h1>Edit &lt;b&gt;x&lt;/b&gt;</h1>')
    t.match(body, 'name="back" value="/users?size=20"')
    const saved = await send('4', { ...form, 'value-age': '40', back: '/users?size=20' }, {})
    t.equal(saved.headers.location, '/users?size=20')
    t.match(plain((await world.as({ url: '/users?size=20' })).body), '&lt;b&gt;x&lt;/b&gt; was edited. Undo')
    t.equal((await send('4', { back: 'https://elsewhere.example/' }, {})).headers.location, '/users')
    t.equal((await send('4', { ...form, 'value-age': '-4' }, {})).statusCode, 422)
    for (const id of ['99', '0', 'x']) t.equal((await open(world, id)).statusCode, 404)
  })

  t.test('hidden and masked attributes are not in it, and a forged one is not taken', async (t) => {
    narrow(t, {}, { city: 'masked', age: 'hidden' })
    const { body, form } = await open(world, '1')
    t.notMatch(body, /edit-city|edit-age|杭州市/)
    const before = await entries()
    t.equal((await send('1', { ...form, 'value-city': 'x', 'value-age': '1', 'value-MOBILE': '1', 'value-id': '1' })).statusCode, 200)
    t.equal(await entries(), before)
  })

  t.test('the list marks what was set by hand, and where its source has changed since', async (t) => {
    const c = await columnIds(world)
    const refs = [`tag:${c['1.likes']}`, `tag:${c['1.value']}`]
    await world.db.insertInto('settings').values({ name: 'column_display', value: JSON.stringify(refs) }).execute()
    await valueOf(world, '4', refs[0]!).set('golf')
    await valueOf(world, '4', refs[1]!).set('')
    await seed(world, { alias: 'Shop members', key: { column: 'no' }, columns: [] }, 'no,mobile,name,city,level,likes,value,updated\nM4,13900000004,<b>x</b>,berlin,,tea,-3.5,2026-07-05 10:00:00')
    const row = () => world.as({ url: '/users/4/row', headers: part })
    t.match(plain((await row()).body), 'golf set by hand, source has changed since – empty set by hand')
    t.match((await world.as({ url: '/users' })).body, 'hand-mark-moved')
    narrow(t, { 1: { otherwise: 'full', columns: new Map([[c['1.value']!, 'masked']]), rowCondition: { field: 'attribute:name', operator: 'filled', values: [] } } })
    t.match(plain((await row()).body), /golf set by hand –/, 'of hidden rows and masked values nothing is told')
  })
})
