import { createHash } from 'node:crypto'
import t from 'tap'
import { md5Key, shaKey } from '../../src/identities/normalise.ts'
import { runRemap } from '../../src/identities/run-remap.ts'
import type { MappingException } from '../../src/identities/mapping-settings.ts'
import { contextOfNewJob, seed, type SeedStructure } from '../seed.ts'
import { openTestDatabase } from '../helper.ts'

const shop: SeedStructure = { alias: 'Shop', key: { column: 'no', idType: 'ONEID' }, columns: [{ name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }] }
const web: SeedStructure = { alias: 'Web', key: { column: 'id' }, columns: [{ name: 'id', kind: 'ignore', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE' }] }
const hashed: SeedStructure = { alias: 'Hashed', key: { column: 'id' }, columns: [{ name: 'id', kind: 'ignore', type: 'text' }, { name: 'phone', kind: 'id', type: 'text', idType: 'MOBILE', encryption: 'sha256' }] }
const sha = (text: string) => createHash('sha256').update(text).digest('hex')

async function open(t: Parameters<typeof openTestDatabase>[0]) {
  const database = await openTestDatabase(t)
  const { id: idType } = await database.db.selectFrom('id_types').select('id').where('code', '=', 'MOBILE').executeTakeFirstOrThrow()
  return {
    database,
    except: async (...values: [string, MappingException['kind']][]) => runRemap(await contextOfNewJob(database), { exceptions: values.map(([matchKey, kind]) => ({ idType, matchKey, kind })) }),
    aliases: async () => (await database.pool.query('select row_number, user_id from row_aliases order by 1')).rows.map((row) => `${row.row_number}>${row.user_id}`),
    refused: async () => (await database.pool.query('select reason from refused_joins order by 1')).rows.map((row) => row.reason)
  }
}

t.test('a value that was allowed joins against single values, however many share it, and where it stands for nothing', async (t) => {
  const { database, except, aliases, refused } = await open(t)
  await seed(database, shop, ['no,mobile', 'A1,13812345678', 'A2,13812345678', 'A3,0', 'A4,0'].join('\n'))
  await seed(database, web, ['id,phone', ...Array.from({ length: 30 }, (_, index) => `w${index},13900000000`)].join('\n'))
  t.same([await aliases(), await refused()], [[], ['placeholder', 'shared', 'single_conflict']])
  await except([md5Key('13812345678'), 'allow'])
  t.same([await aliases(), await refused()], [['2>1'], ['placeholder', 'shared']])
  await except([md5Key('0'), 'allow'])
  t.same([await aliases(), await refused()], [['4>3'], ['shared', 'single_conflict']])
  await except([md5Key('13900000000'), 'allow'])
  t.equal((await aliases()).length, 29)
  t.same(await refused(), ['placeholder', 'single_conflict'])

  await seed(database, web, 'id,phone\nw30,13900000000\nw31,13811111111')
  t.ok((await aliases()).includes('35>5'), 'a row that comes later joins them too')
  await except()
  t.same([await aliases(), await refused()], [[], ['placeholder', 'shared', 'single_conflict']], 'taken back, everything is as before')
})

t.test('a value that was excluded joins nobody and is not listed, also when rows come later', async (t) => {
  const { database, except, aliases, refused } = await open(t)
  await seed(database, web, ['id,phone', 'w1,13812345678', 'w2,13812345678', ...Array.from({ length: 20 }, (_, index) => `f${index},`)].join('\n'))
  t.same(await aliases(), ['2>1'])
  await except([md5Key('13812345678'), 'exclude'])
  t.same([await aliases(), await refused()], [[], []])
  await seed(database, web, 'id,phone\nw3,13812345678')
  t.same([await aliases(), await refused()], [[], []])
  await except()
  t.same(await aliases(), ['2>1', '23>1'])
})

t.test('an exception for a SHA256 value goes on counting when its plain value comes', async (t) => {
  const { database, except, aliases } = await open(t)
  await seed(database, hashed, ['id,phone', `h1,${sha('13812345678')}`, `h2,${sha('13812345678')}`].join('\n'))
  t.same(await aliases(), ['2>1'])
  await except([shaKey('13812345678'), 'exclude'])
  t.same(await aliases(), [])
  await seed(database, web, 'id,phone\nw1,13812345678\nw2,13812345678')
  t.same(await aliases(), [])
})
