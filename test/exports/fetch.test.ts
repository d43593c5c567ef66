import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { raiseCatalogVersion } from '../../src/catalog/queries.ts'
import { clearExports, deleteAllExports } from '../../src/exports/delete-files.ts'
import { housekeeping } from '../../src/imports/housekeeping.ts'
import { build } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { makeWorld } from '../users/world.ts'
import { order, readCsv } from './world.ts'

const berlin = `/users?where=${encodeURIComponent('[["attribute:city","is","Berlin"]]')}`

t.test('a file is fetched by its owner alone, again and from any byte on', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const { id, as } = await signInWith(world, await makeRole(world, { permissions: ['user_360.view', 'user_360.export'], otherAttributes: 'full', sources: { 1: { otherwise: 'full' } } }))
  const url = String((await order(world, as, { item: ['user_id', 'attribute:city'], in: berlin })).headers.location)
  const file = await as({ url })
  t.match(file.headers, { 'content-type': 'application/zip', 'cache-control': 'no-store', 'content-disposition': /^attachment; filename="users-\d{12}-\d+\.zip"$/, 'accept-ranges': 'bytes' })
  t.equal(readCsv(file.rawPayload).rows.length, 2)
  t.ok((await as({ url })).rawPayload.equals(file.rawPayload), 'as often as one likes')
  const rest = await as({ url, headers: { range: 'bytes=10-' } })
  t.equal(rest.statusCode, 206)
  t.ok(rest.rawPayload.equals(file.rawPayload.subarray(10)), 'a broken download is taken up')
  const entries = await world.db.selectFrom('history_entries').select(['title', 'operator_id']).where('kind', '=', 'export').orderBy('id').execute()
  t.same(entries, ['Export of users ordered', 'Users exported', 'Export downloaded', 'Export downloaded'].map((title) => ({ title, operator_id: id })), 'order, export and each download stand in the history')

  t.equal((await world.as({ url })).statusCode, 404, 'an administrator cannot fetch it')
  const mainOf = async (path: string) => /<main[\s\S]*<\/main>/.exec((await world.as({ url: path })).body)?.[0]
  t.equal(await mainOf(url), await mainOf(url.replace(/\d+/, '999')), 'no more than one that was never there')
  for (const path of ['/exports/..%2f..%2fsecret/file', '/exports/1%00/file', '/exports/1.zip/file', '/exports/-1/file']) t.ok([400, 404].includes((await as({ url: path })).statusCode), path)

  const record = await world.as({ url: '/settings/exports' })
  t.match(record.body, /Zhao Min[\s\S]*City is Berlin[\s\S]*User ID, City/, 'but sees the record: who, whom, and which columns')
  t.notMatch(record.body, url)
  const own = await as({ url: '/settings/exports' })
  t.match(own.body, `href="${url}"`)
  t.notMatch(own.body, 'Keep files', 'the setting is for those who may see all')
  t.equal((await as({ method: 'POST', url: '/settings/exports/keeping', form: { hours: '1' } })).statusCode, 403)
})

t.test('a record names nothing that its reader does not see', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  await order(world, world.as, { item: ['user_id', 'attribute:gender', 'attribute:name', 'id:2'], in: `/users?id=13812345678&where=${encodeURIComponent('[["attribute:city","is","杭州市"],["attribute:name","contains","min"]]')}` })
  const { as } = await signInWith(world, await makeRole(world, { permissions: ['exports', 'history'], attributes: { name: 'full' }, sources: { 2: { otherwise: 'full' } } }))
  const { body } = await as({ url: '/settings/exports' })
  t.match(body, /one ID; Name contains min; a condition on something that you do not see/)
  t.match(body, /User ID, Name</)
  const entry = await world.db.selectFrom('history_entries').select('id').where('title', '=', 'Users exported').executeTakeFirstOrThrow()
  const page = await as({ url: `/settings/history/${entry.id}` })
  t.match(page.body, /one ID; Name contains min; a condition on something that you do not see/)
  for (const text of [body, page.body]) t.notMatch(text, /13812345678|杭州市|City|Gender|MOBILE/)
  t.match((await world.as({ url: `/settings/history/${entry.id}` })).body, /13812345678[\s\S]*杭州市[\s\S]*MOBILE of Shop members/)
})

t.test('a file goes with the grants of its owner, with the permission, and after its time', async (t) => {
  const world = await build(t)
  await makeWorld(world)
  const roleId = await makeRole(world, { permissions: ['user_360.view', 'user_360.export'], otherAttributes: 'full', sources: { 1: { otherwise: 'full' }, 2: { otherwise: 'masked' } } })
  const { as } = await signInWith(world, roleId)
  const url = String((await order(world, as, { item: ['user_id', 'attribute:city'] })).headers.location)
  const change = async (act: () => Promise<unknown>) => { await act(); await raiseCatalogVersion(world.db); return (await as({ url })).statusCode }
  const { db } = world
  const city = await db.selectFrom('attributes').select('id').where('code', '=', 'city').executeTakeFirstOrThrow()
  const setCity = (level: 'masked' | 'full') => db.updateTable('attribute_grants').set({ level }).where('role_id', '=', roleId).where('attribute_id', '=', city.id).execute()
  t.equal(await change(() => setCity('masked')), 403, 'a column that is masked now')
  t.equal(await change(() => setCity('full')), 200)
  t.equal(await change(() => db.updateTable('source_grants').set({ row_condition: JSON.stringify({ field: 'attribute:city', operator: 'is', values: ['x'] }) }).where('role_id', '=', roleId).where('source_id', '=', 1).execute()), 403, 'rows that are not seen any more')
  t.equal(await change(() => db.updateTable('source_grants').set({ row_condition: null }).where('role_id', '=', roleId).execute()), 200)
  t.equal(await change(() => db.updateTable('roles').set({ permissions: ['user_360.view'] }).where('id', '=', roleId).execute()), 403, 'without the permission')
  t.equal(await change(() => db.updateTable('roles').set({ permissions: ['user_360.view', 'user_360.export'] }).where('id', '=', roleId).execute()), 200)

  const files = () => readdir(join(world.dataDir, 'exports'))
  const age = (hours: number) => db.updateTable('exports').set({ made_at: new Date(Date.now() - hours * 3_600_000) }).execute()
  await age(23)
  await housekeeping(db, world.dataDir)
  t.equal((await as({ url })).statusCode, 200, 'a day is not over')
  await age(24.01)
  t.equal((await as({ url })).statusCode, 404, 'a file whose day is over is not given out')
  t.equal((await files()).length, 1)
  await housekeeping(db, world.dataDir)
  t.same(await files(), [], 'and soon deleted')
  t.match((await as({ url: '/settings/exports' })).body, 'deleted', 'its record stays')

  await order(world, as, { item: 'user_id' })
  await age(2)
  t.equal((await world.as({ method: 'POST', url: '/settings/exports/keeping', form: { hours: '1' } })).statusCode, 303)
  t.same(await files(), [], 'a shorter time holds for files that are there')
  await order(world, as, { item: 'user_id' })
  for (const name of ['x.zip', 'y.zip.part']) await writeFile(join(world.dataDir, 'exports', name), 'x')
  await utimes(join(world.dataDir, 'exports', 'x.zip'), 0, 0)
  await clearExports(db, world.dataDir)
  t.equal((await files()).length, 1, 'a start removes what no record names')
  await deleteAllExports(db, world.dataDir)
  t.same(await files(), [])
})
