import t from 'tap'
import { build } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'

const people = (alias: string): SeedStructure => ({
  alias, key: { column: 'no' }, columns: [{ name: 'no', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'city', kind: 'attribute', type: 'text', attribute: 'city' }]
})

t.test('own attributes come with a column of their own and go with it', async (t) => {
  const { as, db, pool } = await build(t)
  const add = (form: Record<string, string>) => as({ method: 'POST', url: '/settings/attributes', form: { code: 'shoe_size', name: 'Shoe size', type: 'number', rule: 'latest', ...form } })
  const wrongs: [Record<string, string>, RegExp][] = [
    [{ code: '9x' }, /id="code-error"/], [{ code: 'city' }, /id="code-error">.+city already/], [{ name: '' }, /id="name-error"/], [{ name: 'CITY' }, /id="name-error"/], [{ type: 'blob' }, /id="type-error"/],
    [{ type: 'choice', choices: 'one' }, /id="choices-error">.+at least two/], [{ rule: 'x' }, /id="rule-error"/], [{ description: 'x'.repeat(501) }, /id="description-error"/]
  ]
  for (const [form, message] of wrongs) {
    const answer = await add(form)
    t.equal(answer.statusCode, 422)
    t.match(answer.body, message)
  }
  t.equal((await add({ description: '<script>' })).headers.location, '/settings/attributes')
  t.equal((await add({ code: 'plan', name: 'Plan', type: 'choice', choices: 'a\nb\n b \n' })).statusCode, 303)
  const added = await db.selectFrom('attributes').selectAll().where('preset', '=', false).orderBy('id').execute()
  t.match(added, [{ code: 'shoe_size', type: 'number', position: 10 }, { code: 'plan', choices: ['a', 'b'], position: 11 }])
  const columns = async () => (await pool.query(`select column_name, data_type from information_schema.columns where table_name = 'users_v0' and column_name = any ($1)`, [added.map((one) => `a${one.id}`)])).rows
  t.same((await columns()).map((row) => row.data_type).toSorted(), ['numeric', 'text'])
  t.match((await as({ url: '/settings/attributes' })).body, 'shoe_size')
  t.match((await as({ url: `/settings/attributes/${added[0]!.id}` })).body, '&lt;script&gt;')
  t.equal((await as({ method: 'POST', url: `/settings/attributes/${added[0]!.id}/deletion` })).statusCode, 303)
  t.equal((await columns()).length, 1)
  t.equal((await as({ method: 'POST', url: '/settings/attributes/1/deletion' })).statusCode, 404, 'presets stay')
  t.equal((await as({ url: '/settings/attributes/999' })).statusCode, 404)
})

t.test('nothing is added while data is being worked on', async (t) => {
  const { as, pool, db } = await build(t)
  const lane = await pool.connect()
  await lane.query('select pg_advisory_lock(360001)')
  const answer = await as({ method: 'POST', url: '/settings/attributes', form: { code: 'x', name: 'X', type: 'text', rule: 'latest' } })
  await lane.query('select pg_advisory_unlock(360001)')
  lane.release()
  t.equal(answer.statusCode, 409)
  t.match(answer.body, 'nothing was saved')
  t.equal((await db.selectFrom('attributes').selectAll().where('code', '=', 'x').execute()).length, 0)
})

t.test('a rule decides which source wins, and its change works everything out anew', async (t) => {
  const test = await build(t)
  const { as, db, pool } = test
  const { sourceId: one } = await seed(test, people('One'), 'no,city\n13812345678,Hangzhou')
  const { sourceId: two } = await seed(test, people('Two'), 'no,city\n13812345678,Suzhou')
  const city = async () => (await pool.query(`select a5 from ${(await db.selectFrom('catalog_state').selectAll().executeTakeFirstOrThrow()).users_table}`)).rows[0]?.a5
  t.equal(await city(), 'Suzhou')
  const page = await as({ url: '/settings/attributes/5' })
  t.match(page.body, 'fed by One (city), Two (city)')
  t.match(page.body, `name="order" value="${one},${two}"`)

  const form = { name: 'City', rule: 'latest', description: '', order: `${one},${two}`, filterIndex: 'on' }
  const moved = await as({ method: 'POST', url: '/settings/attributes/5', form: { ...form, move: `down ${one}` } })
  t.equal(moved.statusCode, 200, 'arrows work without a script')
  t.match(moved.body, `name="order" value="${two},${one}"`)
  t.match(moved.body, '<option value="order" selected>')

  const named = await as({ method: 'POST', url: '/settings/attributes/5', form: { ...form, name: 'Home town' } })
  t.equal(named.headers.location, '/settings/attributes', 'a name is saved at once')
  const ruled = await as({ method: 'POST', url: '/settings/attributes/5', form: { ...form, rule: 'order' } })
  t.match(ruled.headers.location, /^\/settings\/jobs\/\d+$/)
  await test.runJobs()
  t.match((await as({ url: String(ruled.headers.location) })).body, 'done')
  t.equal(await city(), 'Hangzhou')
  t.match(await db.selectFrom('history_items').selectAll().orderBy('entry_id', 'desc').where('table_name', '=', 'attributes').executeTakeFirst(), { column_name: 'city', old_value: { rule: 'latest', name: 'Home town' }, new_value: { rule: 'order', name: 'City' } })
})
