import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import { build, type TestApp } from '../helper.ts'
import { makeRole, signInWith } from '../role.ts'
import { add } from '../audiences/world.ts'
import { importFile } from '../../src/imports/import-file.ts'
import { parseStructureFile } from '../../src/sources/structure-file.ts'
import { upload } from '../sources/upload.ts'
import { md5, usersOn } from '../users/world.ts'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'

/** Everything in the database that holds one of these texts, as table: row. */
async function findEverywhere({ pool }: TestApp, texts: readonly string[]): Promise<string[]> {
  const { rows: tables } = await pool.query<{ name: string }>(`select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%' and n.nspname not like 'pg_temp%'`)
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${name} t where ${texts.map((_, at) => `position($${at + 1} in t::text) > 0`).join(' or ')}`, [...texts])
    found.push(...rows.map(({ row }) => `${name}: ${row}`))
  }
  return found
}

const csv = {
  members: ['no,mobile,name,city,level,likes', 'M100,13700010001,Zhou Erase,Wuhan,Gold,chess', 'M200,13700020002,Stays Here,Berlin,Silver,tea', 'M300,13700030003,Third One,Berlin,Silver,tea'],
  shop: ['card,mobile,mail,note', 'C100,13700010001,zhou.erase@example.com,likes quiet rooms', 'C200,13700020002,stay@example.com,phone first', 'C201,13700020002,family@example.com,shared']
}

async function makeWorld(t: Parameters<typeof build>[0]) {
  const world = await build(t)
  const folder = await mkdtemp(join(tmpdir(), 'u360-erase-'))
  const workplace = { pool: world.pool, dataDir: world.dataDir, aesKey: null, timeZone: 'UTC', log: { info() {}, error(data: object, text: string) { console.error(text, data) } } }
  const importCsv = async (source: string, lines: string[], whole = false) => {
    const path = join(folder, `${source}.csv`)
    await writeFile(path, lines.join('\n'))
    const structure = source === 'members'
      ? { key: { column: 'no', idType: 'ONEID' }, columns: [{ column: 'mobile', kind: 'id', idType: 'MOBILE' }, { column: 'name', kind: 'attribute', attribute: 'name' }, { column: 'city', kind: 'attribute', attribute: 'city' }, { column: 'level', kind: 'tag' }, { column: 'likes', kind: 'tag', type: 'multi', delimiter: '|' }] }
      : { key: { column: 'card', idType: 'UNION_ID' }, columns: [{ column: 'mobile', kind: 'id', idType: 'MOBILE' }, { column: 'mail', kind: 'id', idType: 'EMAIL' }, { column: 'note', kind: 'tag', type: 'text' }] }
    const run = await importFile(workplace, { source, path, structure: parseStructureFile(JSON.stringify(structure)), whole })
    if (run.status !== 'done') throw new Error(run.error ?? run.status)
    return run
  }
  await importCsv('members', csv.members)
  await importCsv('shop', csv.shop)
  // A second run of each keeps before-images, and one row is rejected.
  await importCsv('members', [...csv.members.map((line) => line.replace('Gold', 'Platinum')), 'M100,13700010001,Zhou Erase,Wuhan,Gold,twin'])
  await importCsv('shop', [...csv.shop.map((line) => line.replace('quiet rooms', 'very quiet rooms')), 'C300,13700040004,four@example.com,x'])
  return { ...world, importCsv }
}

const secrets = ['13700010001', md5('13700010001'), 'Zhou Erase', 'Wuhan', 'zhou.erase@example.com', 'quiet rooms', 'M100', 'C100', 'chess', 'by hand for Zhou']

t.test('a person is erased from every layer and does not come back', async (t) => {
  const world = await makeWorld(t)
  const { db, pool, as } = world
  const [user] = usersOn(await as({ url: '/users?id=13700010001' }))
  const level = await db.selectFrom('source_columns').select('id').where('name', '=', 'level').executeTakeFirstOrThrow()
  for (const person of [user!, '2']) await as({ method: 'POST', url: `/users/${person}/taggings`, form: { act: 'save', choice: `${level.id} set by hand for Zhou ${person}` } })
  const choice = await as({ method: 'POST', url: '/users/selections', form: { user: [user!, '2'] } })
  await as({ method: 'POST', url: String(choice.headers.location), form: { act: 'save', tag: String(level.id), value: 'batched', policy: 'ignore' } })
  const { id: named } = await add(world, 'Named', { or: [{ field: 'id:MOBILE', operator: 'is', values: ['13700010001', '13700020002'] }, { field: 'id', operator: 'is', values: ['M100'] }] })
  await world.runJobs()
  const { rows: [{ members_table: list }] } = await pool.query('select members_table from audiences where id = $1', [named])
  t.same((await pool.query(`select row_number from ${list} where row_number = $1`, [user])).rowCount, 1, 'they are in an audience')
  const waiting = await upload(world, 'later.csv', 'no,mobile\nM100,13700010001\n')
  t.ok((await findEverywhere(world, secrets)).length > 12, 'the person is all over the database')

  const page = await as({ url: `/users/${user}/erasure` })
  t.match(page.body, /To confirm, type the user ID: <b>1<\/b>/)
  const wrong = await as({ method: 'POST', url: `/users/${user}/erasure`, form: { number: '2' } })
  t.equal(wrong.statusCode, 422)
  t.match(wrong.body, /value="2"[^>]*aria-invalid/)
  const ordered = await as({ method: 'POST', url: `/users/${user}/erasure`, form: { number: user! } })
  t.match(ordered.headers.location, /^\/settings\/jobs\/\d+$/)
  t.equal((await as({ method: 'POST', url: `/users/${user}/erasure`, form: { number: user! } })).statusCode, 409, 'once is enough')
  await world.runJobs()
  t.match((await as({ url: String(ordered.headers.location) })).body, /rows erased<\/dt><dd>2/)

  // A hand-set value of somebody else is theirs, whatever it says; retired versions of tables go with the next count.
  await pool.query(`update retired_tables set retired_at = now() - interval '1 hour'`)
  await pool.query(`insert into jobs (kind, title, payload, status) values ('statistics', 'count', '{}', 'waiting')`)
  await world.runJobs()
  t.same((await pool.query(`select row_number from ${list} order by 1`)).rows, [{ row_number: '2' }], 'out of the audience')
  const left = (await findEverywhere(world, secrets)).filter((row) => !row.includes('by hand for Zhou 2'))
  t.same(left, [], 'nothing of the person is left in any table')
  t.equal((await as({ url: waiting })).statusCode, 404, 'nor a file that waits')
  t.same(await readdir(join(world.dataDir, 'uploads')).catch(() => []), [])
  t.equal((await as({ url: `/users/${user}` })).statusCode, 404)
  t.same(usersOn(await as({ url: '/users' })).length, 3)
  t.match((await as({ url: '/settings/history' })).body, `User ${user} erased`)

  t.test('the others are as before, and the projection is what a rebuild makes', async (t) => {
    const { runReproject } = await import('../../src/projection/run-reproject.ts')
    const { contextOfNewJob } = await import('../seed.ts')
    t.same(((await runReproject(await contextOfNewJob(world), { compare: true })) as { differences: unknown[] }).differences, [])
    t.match((await as({ url: '/users/2' })).body, 'Stays Here')
    t.same(usersOn(await as({ url: '/users?id=family@example.com' })), ['2'])
  })

  t.test('imports leave the person out, by key and by what was theirs alone, and nobody else', async (t) => {
    const run = await world.importCsv('members', [...csv.members, 'M999,+86 137 0001 0001,Under another number,Wuhan,Gold,chess', 'M400,13700050005,New,Berlin,Gold,tea'])
    t.match(run, { erased: 2, new: 1, rejected: 0 })
    const shop = await world.importCsv('shop', [...csv.shop, 'C555,13700060006,ZHOU.erase@example.com,by mail'])
    t.match(shop, { erased: 2, new: 0 })
    t.same((await findEverywhere(world, secrets)).filter((row) => !row.includes('by hand for Zhou 2')), [], 'and keep nothing of them')
    t.match((await as({ url: `/settings/imports/${run.id}` })).body, /<b>2<\/b> rows left out: they are of people who were erased/)
  })

  t.test('undo of an earlier run does not bring the person back', async (t) => {
    const before = (await as({ url: '/users' })).body
    t.notMatch(before, 'Zhou')
    const last = await db.selectFrom('import_runs').select((eb) => eb.fn.max('id').as('id')).executeTakeFirstOrThrow()
    await as({ method: 'POST', url: `/settings/imports/${last.id}/undo`, form: {} })
    await world.runJobs()
    t.notMatch((await as({ url: '/users' })).body, 'Zhou')
  })

  t.test('who was erased may come back when that is allowed', async (t) => {
    const list = await as({ url: '/settings/erasures' })
    const lift = /action="(\/settings\/erasures\/\d+\/lifting)"/.exec(list.body)?.[1] ?? ''
    t.equal((await as({ method: 'POST', url: lift, form: {} })).headers.location, '/settings/erasures')
    t.match((await as({ url: '/settings/erasures' })).body, 'may come back')
    t.equal((await db.selectFrom('erasures').selectAll().executeTakeFirstOrThrow()).numbers, null)
    t.match(await world.importCsv('members', csv.members), { erased: 0, new: 1 })
    t.equal(usersOn(await as({ url: '/users?id=13700010001' })).length, 1)
  })
})

t.test('what is kept is an HMAC under a key beside the database', async (t) => {
  const world = await makeWorld(t)
  await world.as({ method: 'POST', url: '/users/1/erasure', form: { number: '1' } })
  await world.runJobs()
  const key = (await readFile(join(world.dataDir, 'erasure-key'), 'utf8')).trim()
  const { rows } = await world.pool.query<{ kind: string; digest: Buffer }>('select kind, digest from erased_values')
  const expected = createHmac('sha256', key).update('M100').digest('hex')
  t.ok(rows.some(({ kind, digest }) => kind === 'key' && digest.toString('hex') === expected))
  t.equal((await world.pool.query(`select current_setting('user360.inner', true) as key`)).rows[0].key || null, null, 'which no other session knows')
})

t.test('erasing needs its permission, and a user whom one sees', async (t) => {
  const world = await makeWorld(t)
  const { as } = await signInWith(world, await makeRole(world, { permissions: ['user_360.view'], sources: { 1: { otherwise: 'full' } } }))
  t.equal((await as({ url: '/users/1/erasure' })).statusCode, 403)
  t.notMatch((await as({ url: '/users/1' })).body, '/erasure')
  const blind = await signInWith(world, await makeRole(world, { permissions: ['user_360.view', 'user_360.erase'] }))
  t.equal((await blind.as({ method: 'POST', url: '/users/1/erasure', form: { number: '1' } })).statusCode, 404)
  t.equal((await world.as({ method: 'POST', url: '/settings/erasures/99/lifting', form: {} })).statusCode, 404)
})
