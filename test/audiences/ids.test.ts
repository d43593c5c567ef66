import t from 'tap'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { uploadRequest } from '../sources/upload.ts'
import { columnIds, makeWorld, md5, sha256 } from '../users/world.ts'
import { audienceOf, members } from './world.ts'

t.test('a list of IDs is an audience: found, not found, and in several users are counted', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const columns = await columnIds(world)
  const send = (file: string, as = world.as) => as(uploadRequest('/audiences/uploads', 'Letter.csv', file))
  t.equal((await send('')).statusCode, 422)
  const sent = await send(`remark,Mobile\nfirst,+86 138 1234 5678\nsecond,${md5('13900000002')}\nthird,13700000000\nagain,13812345678\nempty,\n`)
  t.match(sent.headers.location, /^\/audiences\/new\/ids\?upload=/)
  const page = await world.as({ url: String(sent.headers.location) })
  t.match(page.body, /<option value="1" selected>Mobile/, 'the column is found by its heading')
  t.match(page.body, /<option value="MOBILE" selected>/, 'and the type')
  t.match(page.body, /value="Letter"/)
  const upload = /name="upload" value="([^"]*)"/.exec(page.body)![1]!
  const save = (form: Record<string, string>, as = world.as) => as({ method: 'POST', url: '/audiences/ids', form: { upload, column: '1', idType: 'MOBILE', name: 'Letter', ...form } })
  t.equal((await save({ idType: 'NONE' })).statusCode, 422)
  const narrow = await signInWith(world, await makeRole(world, { permissions: ['user_360.view', 'audiences.view', 'audiences.manage'], sources: { 1: { otherwise: 'full', rowCondition: { field: 'attribute:city', operator: 'is', values: ['Berlin'] } }, 2: { otherwise: 'full', columns: { [columns['2.phone_md5'] ?? 0]: 'masked' } } }, otherAttributes: 'full' }))
  t.equal((await save({}, narrow.as)).statusCode, 404, 'a file of somebody else is no file')
  const saved = await save({})
  t.equal(saved.statusCode, 303)
  await world.runJobs()
  const id = Number(/\d+$/.exec(String(saved.headers.location))![0])
  t.match(await audienceOf(world, id), { kind: 'ids', size: 2, ids: { found: 2, missing: 1, ambiguous: 0 } })
  t.same(await members(world.as, 'any', id), ['1', '2'])
  t.match((await world.as({ url: `/audiences/${id}` })).body, /<dt>IDs not found<\/dt><dd>1<\/dd>/)
  t.same(await readdir(join(world.dataDir, 'uploads')), [], 'the file is not kept')

  const own = await send(`13812345678\n13900000002\n${md5('13999999999')}\n${sha256('13900000002')}\n`, narrow.as)
  const theirs = /name="upload" value="([^"]*)"/.exec((await narrow.as({ url: String(own.headers.location) })).body)![1]!
  const made = await save({ upload: theirs, column: '0', name: 'Mine' }, narrow.as)
  await world.runJobs()
  t.match(await audienceOf(world, Number(/\d+$/.exec(String(made.headers.location))![0])), { size: 1, ids: { found: 1, missing: 3 } }, 'rows that they do not see, masked columns, and a SHA256 value of a type that has none in the data find nobody')

  await world.db.updateTable('id_types').set({ mapping: false }).where('code', '=', 'MOBILE').execute()
  await world.db.insertInto('jobs').values({ kind: 'remap', title: 'Remap', payload: JSON.stringify({ placeholders: [] }) }).execute()
  await world.runJobs()
  const several = await send('mobile\n13812345678\n')
  const last = await save({ upload: /name="upload" value="([^"]*)"/.exec((await world.as({ url: String(several.headers.location) })).body)![1]!, column: '0', name: 'Several' })
  await world.runJobs()
  t.match(await audienceOf(world, Number(/\d+$/.exec(String(last.headers.location))![0])), { size: 0, ids: { found: 0, missing: 0, ambiguous: 1 } }, 'an ID of two users means none of them')
})
