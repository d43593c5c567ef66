import { createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { encryptAes } from '../../src/identities/aes.ts'
import { runRemap } from '../../src/identities/run-remap.ts'
import { previewMapping } from '../../src/identities/preview-mapping.ts'
import { runRemoval } from '../../src/imports/run-removal.ts'
import type { Encryption } from '../../src/catalog/column.ts'
import { build, openTestDatabase, type TestDatabase } from '../helper.ts'
import { contextOfNewJob, seed, type SeedStructure } from '../seed.ts'
import { usersFor } from '../users/world.ts'

const key = '0123456789ABCDEF'
const aes = (text: string) => encryptAes(key, text)
const hash = (algorithm: 'md5' | 'sha256') => (text: string) => (text === '' ? '' : createHash(algorithm).update(text).digest('hex'))
const [md5, sha256] = [hash('md5'), hash('sha256')]

const source = (alias: string, encryption: Encryption): SeedStructure => ({
  alias, key: { column: 'key' },
  columns: [{ name: 'key', kind: 'ignore', type: 'text' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE', encryption }, { name: 'email', kind: 'id', type: 'text', idType: 'EMAIL', encryption }]
})
const [plainly, asMd5, asSha256, asAes] = [source('Plain', 'unencrypted'), source('As MD5', 'md5'), source('As SHA256', 'sha256'), source('As AES', 'aes')]

/** Rows that share nothing: with them a change of a few rows takes the way from changed rows, without them that of a full recompute. */
const filler = (count: number) => Array.from({ length: count }, (_, index) => `z${index},,`)

for (const fillers of [0, 30]) {
  const put = (database: TestDatabase, structure: SeedStructure, rows: string[], options: { whole?: boolean } = {}) => seed(database, structure, ['key,mobile,email', ...rows, ...filler(fillers)].join('\n'), options)

  /** Keys of rows by user, those alone left out: ['m1 s1', ...]; and holds what an incremental run made against a full recompute. */
  async function together(t: Test, database: TestDatabase): Promise<string[]> {
    const found = await partition(database)
    await runRemap(await contextOfNewJob(database), {})
    t.same(await partition(database), found, 'a full recompute says the same')
    t.match(await previewMapping(database.pool, {}, key), { usersJoined: 0, usersSplit: 0 }, 'and a preview that changes nothing joins and splits nobody')
    return found
  }

  t.test(`MD5 and SHA256 values meet through their plain value, and part when it goes (${fillers} other rows)`, async (t) => {
    const database = await open(t)
    await put(database, asMd5, [`m1,${md5('13812345678')},`, `m2,${md5('13812345679').toUpperCase()},`, `m3,,${md5('ann@example.com')}`])
    await put(database, asSha256, [`s1,${sha256('13812345678')},`, `s2,${sha256('13812345679').toUpperCase()},`, `s3,,${sha256('ann@example.com')}`, `s4,${sha256('13812345678')},`])
    t.same(await together(t, database), ['s1 s4'], 'without a known plain value they are different')
    await put(database, plainly, ['p1,+86 138-1234-5678,', 'p3,, Ann@Example.COM'])
    t.same(await together(t, database), ['m1 p1 s1 s4', 'm3 p3 s3'], 'plain values arrived')
    await put(database, plainly, ['p2,13812345679,'])
    t.same(await together(t, database), ['m1 p1 s1 s4', 'm2 p2 s2', 'm3 p3 s3'], 'one more')
    await put(database, plainly, ['p1,13800000000,'])
    t.same(await together(t, database), ['m2 p2 s2', 'm3 p3 s3', 's1 s4'], 'a changed row no longer says it')
    const { sourceId } = await put(database, plainly, ['p2,13812345679,'], { whole: true })
    t.same(await together(t, database), ['m2 p2 s2', 's1 s4'], 'a removed row no longer says it')
    await runRemoval(await contextOfNewJob(database), { sourceId, operatorId: 1, operatorName: 'x' })
    t.same(await together(t, database), ['s1 s4'], 'the source with the plain values was removed')
  })

  t.test(`an AES value is its plain value, and tells SHA256 values apart and together (${fillers} other rows)`, async (t) => {
    const database = await open(t)
    await put(database, asSha256, [`s1,${sha256('13812345678')},`, `s2,,${sha256('ann@example.com')}`])
    await put(database, asMd5, [`m1,${md5('13812345678')},`, `m2,,${md5('ann@example.com')}`])
    t.same(await together(t, database), [])
    await put(database, asAes, [`a1,${aes('86 13812345678')},`, `a2,,${aes('ANN@example.com')}`, 'a3,nothing that was encrypted,'])
    t.same(await together(t, database), ['a1 m1 s1', 'a2 m2 s2'])
    await put(database, plainly, ['p1,13812345678,ann@example.com'])
    t.same(await together(t, database), ['a1 a2 m1 m2 p1 s1 s2'])
    await put(database, asAes, [`a2,,${aes('ANN@example.com')}`], { whole: true })
    await put(database, plainly, ['p1,13812345678,'])
    t.same(await together(t, database), ['a2 m2 s2', 'm1 p1 s1'], 'each plain value counts as long as any row says it')
    await put(database, plainly, ['p9,,'], { whole: true })
    t.same(await together(t, database), ['a2 m2 s2'])
    await put(database, asAes, ['a9,,'], { whole: true })
    t.same(await together(t, database), [])
  })

  t.test(`hashed placeholders, cells that are no hash and shared values join nobody (${fillers} other rows)`, async (t) => {
    const database = await open(t)
    await database.db.insertInto('settings').values({ name: 'over_shared_limit', value: '3' }).execute()
    await put(database, asMd5, [`m1,${md5('null')},${md5('null')}`, `m2,${md5('00000000000')},`, `m3,${sha256('13812345678')},`, `m4,${md5('13812345677')},`, `m5,${md5('13812345677')},`])
    await put(database, asSha256, [`s1,${sha256('null')},${sha256('null')}`, `s2,${sha256('00000000000')},`, `s3,${sha256('13812345678')},`, `s4,${sha256('13812345677')},`])
    await put(database, asAes, [`a1,${aes('null')},${aes('NULL')}`, `a2,${aes('00000000000')},`])
    t.same(await together(t, database), ['m4 m5'])
    await put(database, plainly, ['p1,null,null', 'p2,00000000000,', 'p3,13812345678,', 'p4,13812345677,'])
    t.same(await together(t, database), ['p3 s3'], 'the known plain value makes four of them, more than are believed')
    await put(database, plainly, ['p1,null,null', 'p2,00000000000,', 'p3,13812345678,'], { whole: true })
    t.same(await together(t, database), ['m4 m5', 'p3 s3'])
  })
}

/** E-mail addresses take part too, and there is somebody to act. */
async function open(t: Test): Promise<TestDatabase> {
  const database = await openTestDatabase(t)
  await database.db.updateTable('id_types').set({ mapping: true }).where('code', '=', 'EMAIL').execute()
  await database.db.insertInto('operators').values({ email: 'x', name: 'x', password_hash: '' }).execute()
  return database
}

async function partition(database: TestDatabase): Promise<string[]> {
  const sources = await database.db.selectFrom('sources').select('rows_table').where('rows_table', 'is not', null).execute()
  const rows = sources.map(({ rows_table }) => `select row_number, source_key from ${rows_table}`).join(' union all ')
  const found = await database.pool.query<{ keys: string }>(`select string_agg(source_key, ' ' order by source_key) as keys from (${rows || 'select null::bigint as row_number, null as source_key where false'}) r
    left join row_aliases a on a.row_number = r.row_number group by coalesce(a.user_id, r.row_number) having count(*) > 1 order by 1`)
  return found.rows.map((row) => row.keys)
}

t.test('an encrypted value is found plain and as it is stored, and shown plain where that is known', async (t) => {
  const app = await build(t)
  await app.db.updateTable('id_types').set({ mapping: true }).where('code', '=', 'EMAIL').execute()
  const put = (structure: SeedStructure, rows: string[]) => seed(app, structure, ['key,mobile,email', ...rows].join('\n'))
  await put(asMd5, [`m1,${md5('13812345678')},${md5('bob@example.com')}`])
  await put(asSha256, [`s1,${sha256('13812345678')},${sha256('carl@example.com')}`])
  await put(asAes, [`a1,${aes('13900000000')},${aes('ann@example.com')}`])
  const find = (id: string) => usersFor(app, `id=${encodeURIComponent(id)}`)
  const finds = async (expected: Record<string, string[]>) => { for (const [id, users] of Object.entries(expected)) t.same((await find(id)).toSorted(), users, id) }
  await finds({
    '13812345678': ['1', '2'], '+86 138 1234 5678': ['1', '2'], 'Bob@Example.com': ['1'], 'CARL@example.com': ['2'], 'ann@EXAMPLE.com': ['3'], '13900000000': ['3'],
    [md5('13812345678')]: ['1'], [sha256('13812345678').toUpperCase()]: ['2'], [aes('13900000000')]: ['3'], [aes('13900000000').toUpperCase()]: ['3'], [encryptAes(key, '13900000000', 'base64')]: ['3'],
    [md5('13900000000')]: ['3'], [sha256('13900000000')]: ['3'], '13812345679': []
  })
  await put(plainly, ['p1,13812345678,', 'p2,13900000000,CARL@example.com'])
  await finds({
    '13812345678': ['1'], [md5('13812345678')]: ['1'], [sha256('13812345678')]: ['1'], 'Bob@example.com': ['1'], 'carl@example.com': ['1'], [sha256('carl@example.com')]: ['1']
  })
  const profile = (await app.as({ url: '/users/1?tab=identity' })).body
  t.match(profile, 'MD5, same value as 13812345678')
  t.match(profile, 'SHA256, same value as 13812345678')
  t.match(profile, 'SHA256, same value as CARL@example.com')
  t.match(profile, `data-copy="${md5('bob@example.com')}"`, 'a value that is known as a hash alone is shown as that')
  t.match(profile, 'data-copy="ann@example.com"', 'an AES value is shown plain')
})
