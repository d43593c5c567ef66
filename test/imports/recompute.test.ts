import fc from 'fast-check'
import t from 'tap'
import { openTestDatabase, type TestDatabase } from '../helper.ts'
import { contextOfNewJob, seed, type SeedStructure } from '../seed.ts'
import { md5Key } from '../../src/identities/normalise.ts'
import { runRemap } from '../../src/identities/run-remap.ts'
import { runReproject } from '../../src/projection/run-reproject.ts'

const columns = (key: string): SeedStructure['columns'] => [
  { name: 'key', kind: 'id', type: 'text', idType: key }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' },
  { name: 'md5', kind: 'id', type: 'text', idType: 'EMAIL', encryption: 'md5' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' },
  { name: 'likes', kind: 'tag', type: 'multi', delimiter: '|' }, { name: 'note', kind: 'tag', type: 'text' }
]
const sources: SeedStructure[] = [
  { alias: 'One', key: { column: 'key', idType: 'ONEID' }, columns: columns('ONEID') },
  { alias: 'Two', key: { column: 'key', idType: 'UNION_ID' }, columns: columns('UNION_ID') }
]

const row = fc.record({
  key: fc.integer({ min: 1, max: 12 }), mobile: fc.constantFrom('', '13800000001', '13800000002', '+8613800000003', '0', '13800000004', '13800000005'),
  md5: fc.constantFrom('', 'd41d8cd98f00b204e9800998ecf8427e', '0cc175b9c0f1b6a831c399e269772661', '92eb5ffee6ae2fec3ad71c777531578f'), name: fc.constantFrom('', 'Ann', 'Bob'), likes: fc.constantFrom('', 'a', 'a|b', 'b|c'), note: fc.constantFrom('', 'x', 'y')
})
const run = fc.record({ source: fc.integer({ min: 0, max: 1 }), whole: fc.boolean(), rows: fc.uniqueArray(row, { selector: (one) => one.key, minLength: 1, maxLength: 10 }), edit: fc.option(fc.record({ row: fc.integer({ min: 1, max: 20 }), value: fc.constantFrom('hand', null) })) })

/** Values that an administrator excluded or allowed: one that stands for nothing, one that many may share, one that single values may speak against. */
const exceptions = fc.subarray([['0', 'allow'], ['13800000001', 'allow'], ['13800000002', 'allow'], ['13800000003', 'exclude'], ['13800000004', 'exclude']] as const)

/** Everything that pages read and that mapping decides, in an order of its own. */
async function state(database: TestDatabase): Promise<unknown> {
  const all = async (statement: string) => (await database.pool.query(statement)).rows
  const [{ users_table: users } = { users_table: '' }] = await all('select users_table from catalog_state')
  const tables = await all('select values_table from sources where values_table is not null order by id')
  return {
    aliases: await all('select * from row_aliases order by row_number'), refused: await all('select id_type, match_key, reason, conflict_type, row_count from refused_joins order by 1, 2'),
    users: await all(`select * from ${users} order by user_id`), values: await Promise.all(tables.map((table) => all(`select * from ${table.values_table} order by user_id`)))
  }
}

t.test('runs in any order leave what a full recompute and a rebuild would make', async (t) => {
  await fc.assert(fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 5 }), fc.boolean(), exceptions, async (runs, inSteps, excepted) => {
    const done: (() => unknown)[] = []
    const database = await openTestDatabase({ name: t.name, teardown: (fn) => done.push(fn) })
    try {
      await database.db.updateTable('id_types').set({ mapping: true }).where('code', '=', 'EMAIL').execute()
      await database.db.insertInto('settings').values({ name: 'over_shared_limit', value: '3' }).execute()
      const { id: mobile } = await database.db.selectFrom('id_types').select('id').where('code', '=', 'MOBILE').executeTakeFirstOrThrow()
      for (const [value, kind] of excepted) await database.db.insertInto('mapping_exceptions').values({ id_type: mobile, match_key: md5Key(value), kind }).execute()
      for (const { source, whole, rows, edit } of runs) {
        const structure = sources[source] as SeedStructure
        if (edit) await database.db.insertInto('overrides').values({ row_number: String(edit.row), attribute_id: 1, type: 'text', value: edit.value === null ? null : JSON.stringify(edit.value), policy: 'keep' }).execute()
        // Many rows of the first source that share nothing, so that runs of the second, its first one too, are small beside the whole and take the incremental way.
        const filler = inSteps && source === 0 ? Array.from({ length: 60 }, (_, index) => `f${index},,,,,`) : []
        await seed(database, structure, ['key,mobile,md5,name,likes,note', ...rows.map((one) => Object.values(one).join(',')), ...filler].join('\n'), { whole })
        const before = await state(database)
        await runReproject(await contextOfNewJob(database))
        const rebuilt = await state(database)
        if (!edit) t.same(before, rebuilt, 'the projection is what a rebuild makes')
        await runRemap(await contextOfNewJob(database), {})
        t.same(await state(database), rebuilt, 'the mapping is what a full recompute makes')
      }
    } finally {
      for (const fn of done) await fn()
    }
  }), { numRuns: 25 })
})
