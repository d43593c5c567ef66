import t from 'tap'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { columnIds, makeWorld, where } from '../users/world.ts'
import { everything, order, readCsv } from './world.ts'

const ticked = (body: string) => [...body.matchAll(/name="(?:item|kept)" value="([^"]+)"(?: checked)?/g)].filter(([tag]) => tag.includes('checked') || tag.includes('kept')).map((match) => match[1]!)
const switchedOn = (body: string) => [...body.matchAll(/name="kind" value="([^"]+)" checked/g)].map((match) => match[1]!)

t.test('the dialog says whom and what, and remembers the last choice of each operator', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const list = await world.as({ url: `/users?${where(['attribute:city', 'is', 'Berlin'])}&sort=attribute:name` })
  const href = /id="export-user" href="([^"]+)"/.exec(list.body)![1]!.replaceAll('&amp;', '&')
  const dialog = await world.as({ url: href, headers: { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'dialog#dialog' } })
  t.match(dialog.body, 'The result of this query: 2 users. City is Berlin.')
  t.notMatch(dialog.body, '<html', 'a part of the page for the dialog')
  const page = await world.as({ url: '/users/exports' })
  t.match(page.body, /<html[\s\S]*Everybody in the list: 5 users\./, 'a page of its own without it')
  const columns = await columnIds(world)
  t.same(everything(page.body).filter((ref) => !ticked(page.body).includes(ref)), [`id:${columns['2.phone_md5']}`, `id:${columns['2.mail_sha']}`], 'at first all that is not encrypted')

  const answer = await order(world, world.as, { item: ['attribute:city', 'user_id'], guard: '' })
  t.same(readCsv((await world.as({ url: String(answer.headers.location) })).rawPayload).names, ['User ID', 'City'], 'in the order of the dialog')
  const again = await world.as({ url: '/users/exports' })
  t.same(ticked(again.body), ['user_id', 'attribute:city'])
  t.match(again.body, /name="bom" checked/)
  t.notMatch(again.body, /name="guard" checked/)
  const { as } = await signInWith(world, await makeRole(world, { permissions: ['user_360.export'], otherAttributes: 'full', sources: { 1: { otherwise: 'full' } } }))
  t.ok(ticked((await as({ url: '/users/exports' })).body).length > 2, 'another operator has a choice of their own')
})

t.test('a kind is switched as a whole, and a search hides items without losing them', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const send = async (form: Record<string, string | string[]>) => (await world.as({ method: 'POST', url: '/users/exports', form: { in: '/users', ...form } })).body
  const start = await send({ item: ['user_id', 'attribute:city'] })
  t.same(switchedOn(start), ['basic'])
  t.match(start, />2 of 12</)
  t.match(start, '2 columns, one ZIP holding one CSV')
  t.same(ticked(await send({ item: ['user_id', 'attribute:city'], before: 'basic' })), [], 'off: none of it')
  const ids = ticked(await send({ item: ['user_id'], kind: ['basic', 'ids'], before: 'basic' }))
  t.same(ids.filter((ref) => ref.startsWith('id:')).length, 5, 'on: all of it')
  t.same(ids.filter((ref) => !ref.startsWith('id:')), ['user_id'])

  const found = await send({ item: ['user_id', 'attribute:city'], kind: 'basic', before: 'basic', search: 'CITY', act: 'search' })
  t.same(everything(found), ['attribute:city'])
  t.same(ticked(found).toSorted(), ['attribute:city', 'user_id'])
  t.match(found, /name="kept" value="user_id"/)
  t.same(ticked(await send({ kept: 'user_id', kind: 'basic', before: 'basic', search: 'city' })), ['user_id'], 'unticked among those shown')
  t.match(await send({ search: 'nothing like this' }), 'Nothing that you may export has this in its name.')

  const none = await world.as({ method: 'POST', url: '/users/exports', form: { in: '/users', act: 'export' } })
  t.equal(none.statusCode, 422)
  t.match(none.body, 'Choose at least one thing to export.')
  const part = await world.as({ method: 'POST', url: '/users/exports', form: { in: '/users', item: 'user_id', kind: 'basic', before: 'basic' }, headers: { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-target': 'fieldset#kind-basic' } })
  t.match(part.body, /^\s*<fieldset class="switch-group" id="kind-basic"/, 'a change shows its kind anew, and the number of columns')
  t.match(part.body, /hx-target="#export-foot"[^>]*>1 column, one ZIP/)
})

t.test('who may not export is not offered it, and is told who can give it', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const { as } = await signInWith(world, await makeRole(world, { permissions: ['user_360.view'], otherAttributes: 'full', sources: { 1: { otherwise: 'full' } } }))
  t.notMatch((await as({ url: '/users' })).body, 'Export User')
  for (const answer of [await as({ url: '/users/exports' }), await as({ method: 'POST', url: '/users/exports', form: { act: 'export', item: 'user_id' } }), await as({ url: '/exports/1/file' })]) {
    t.equal(answer.statusCode, 403)
    t.match(answer.body, /User insight &gt; User list &gt; User 360 &gt; Export[\s\S]*Lin Yating/)
  }
  t.notMatch((await as({ url: '/settings' })).body, '/settings/exports')
})

t.test('a file that takes longer leads to its job, which ends with the file', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const answer = await world.as({ method: 'POST', url: '/users/exports', form: { in: '/users', act: 'export', item: 'user_id' } })
  const job = String(answer.headers.location)
  t.match(job, /^\/settings\/jobs\/\d+$/)
  t.match((await world.as({ url: job })).body, /Cancel/)
  await world.runJobs()
  const ended = (await world.as({ url: job })).body
  t.match(ended, /users in the file[\s\S]*href="\/exports\/\d+\/file">Download/)
  const { as } = await signInWith(world, await makeRole(world, { permissions: ['jobs', 'user_360.export'] }))
  t.notMatch((await as({ url: job })).body, '/file', 'for who ordered it alone')
})
