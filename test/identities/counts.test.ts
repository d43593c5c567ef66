import fc from 'fast-check'
import t, { type Test } from 'tap'
import { openTestDatabase, type TestDatabase } from '../helper.ts'
import { seed, type SeedStructure } from '../seed.ts'

const structure = (alias: string): SeedStructure => ({
  alias, key: { column: 'key' },
  columns: [{ name: 'key', kind: 'ignore', type: 'text' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'email', kind: 'id', type: 'text', idType: 'EMAIL' }]
})
const [shop, web] = [structure('Shop'), structure('Web')]
const counted = ['users_new', 'users_joined', 'users_split'] as const

async function open(t: Pick<Test, 'name' | 'teardown'>): Promise<TestDatabase> {
  const database = await openTestDatabase(t)
  await database.db.updateTable('id_types').set({ mapping: true }).where('code', '=', 'EMAIL').execute()
  return database
}

/** Imports rows such as 'a 1 x' (key, mobile, e-mail) and answers users new, joined and split. */
async function put(database: TestDatabase, source: SeedStructure, rows: string[], options: { whole?: boolean } = {}): Promise<number[]> {
  const cells = rows.map((row) => row.split(' ')).map(([key, mobile, email]) => `${key},${mobile ? `1381234567${mobile}` : ''},${email ? `${email}@x.com` : ''}`)
  const { runId } = await seed(database, source, ['key,mobile,email', ...cells].join('\n'), options)
  const run = await database.db.selectFrom('import_runs').select(counted).where('id', '=', runId).executeTakeFirstOrThrow()
  return counted.map((name) => Number(run[name]))
}

/** Enough rows that share nothing: a change of a few rows beside them takes the way from changed rows. */
const others = Array.from({ length: 60 }, (_, index) => `o${index}`)

for (const filler of [[], others]) {
  t.test(`what a run made of users, counted (${filler.length} other rows)`, async (t) => {
    const database = await open(t)
    t.same(await put(database, shop, ['a 1', 'b 1', 'c 2', 'd 3 p', 'e  q', ...filler]), [4 + filler.length, 0, 0], 'new rows that joined each other are one new user')
    t.same(await put(database, web, ['k 4', 'l 1', 'm 5', 'n 5']), [2, 0, 0], 'a row that joins a known user is no new one')
    t.same(await put(database, web, ['s 2 q']), [0, 1, 0], 'two known users were joined by a new row')
    t.same(await put(database, shop, ['a 1', 'c 4', 'd 3 p', 'f 3 z']), [0, 1, 1], 'c left its user and took another one along')
    t.same(await put(database, shop, ['u 1 p', 'v 1 q']), [0, 2, 0], 'three users became one')
    t.same(await put(database, shop, ['u 6', 'v 7']), [0, 0, 4], 'and are three again, the rows that joined them two more')
  })

  t.test(`removed and returning rows (${filler.length} other rows)`, async (t) => {
    const database = await open(t)
    t.same(await put(database, shop, ['a 1', 'b 1', 'c 2', ...filler]), [2 + filler.length, 0, 0])
    t.same(await put(database, shop, ['b 1', 'c 2', ...filler], { whole: true }), [0, 0, 0], 'the row that named the user went; the user is still there, and not split')
    t.same(await put(database, shop, ['a 1']), [0, 0, 0], 'it came back, with its old number, to the same user')
    t.same(await put(database, shop, ['b 2', 'c 2', ...filler], { whole: true }), [0, 1, 0], 'it went again, and who was left joined another user')
    t.same(await put(database, shop, ['a 9']), [1, 0, 0], 'it came back alone')
    t.same(await put(database, shop, ['a 2']), [0, 1, 0])
    t.same(await put(database, shop, ['c 2', ...filler], { whole: true }), [0, 0, 0], 'rows that went are no users that were joined or split')
  })
}

/** User of every row that is there. */
async function usersOfRows(database: TestDatabase): Promise<Map<string, string>> {
  const tables = await database.db.selectFrom('sources').select('rows_table').where('rows_table', 'is not', null).execute()
  if (tables.length === 0) return new Map()
  const { rows } = await database.pool.query<{ row_number: string; user_id: string }>(`select r.row_number, coalesce(a.user_id, r.row_number) as user_id from (${tables.map(({ rows_table }) => `select row_number from ${rows_table}`).join(' union all ')}) r left join row_aliases a on a.row_number = r.row_number`)
  return new Map(rows.map((row) => [row.row_number, row.user_id]))
}

/** The definition, written out over whole partitions. */
function countsOf(before: Map<string, string>, after: Map<string, string>): number[] {
  const survivors = [...after.keys()].filter((row) => before.has(row))
  const others = (of: Map<string, string>, by: Map<string, string>) => [...Map.groupBy(survivors, (row) => by.get(row)!).values()].reduce((sum, rows) => sum + new Set(rows.map((row) => of.get(row)!)).size - 1, 0)
  const fresh = new Set(after.values()).size - new Set(survivors.map((row) => after.get(row)!)).size
  return [fresh, others(before, after), others(after, before)]
}

t.test('the counts of any run are those of the users before and after it', async (t) => {
  const row = fc.tuple(fc.constantFrom(...'abcdefgh'), fc.constantFrom('', '', '1', '2', '3'), fc.constantFrom('', '', 'x', 'y')).map((parts) => parts.join(' '))
  const runs = fc.array(fc.record({ source: fc.constantFrom(shop, web), whole: fc.boolean(), rows: fc.uniqueArray(row, { selector: (one) => one[0], minLength: 1, maxLength: 6 }) }), { minLength: 3, maxLength: 6 })
  await fc.assert(fc.asyncProperty(runs, fc.constantFrom([], others), async (all, filler) => {
    const done: (() => unknown)[] = []
    const database = await open({ name: t.name, teardown: (fn) => { done.push(fn) } })
    try {
      for (const { source, whole, rows } of all) {
        const before = await usersOfRows(database)
        const counts = await put(database, source, [...rows, ...filler], { whole })
        t.same(counts, countsOf(before, await usersOfRows(database)))
      }
    } finally {
      for (const fn of done) await fn()
    }
  }), { numRuns: 12 })
})
