import t from 'tap'
import { openLog } from '../src/log.ts'
import { build, openTestDatabase } from './helper.ts'

function lines() {
  const text: string[] = []
  return { log: openLog('trace', { write: (line: string) => { text.push(line) } }), text: () => text.join('') }
}

t.test('what a query asks for is in no line of the log, the path of the request and its ID are', async (t) => {
  const { log, text } = lines()
  const { as } = await build(t, { logger: log })
  await as({ url: '/users?id=13812345678&member_level=gold' })
  await as({ url: '/nowhere?id=13812345678' })
  await as({ url: '/users?after=%00&id=13812345678&size=0' })
  t.match(text(), '"url":"/users"')
  t.match(text(), /"reqId":"[0-9a-f]{8}"/)
  t.notMatch(text(), '13812345678')
})

t.test('what a request was made with is in no line either, where the database refuses it', async (t) => {
  const { pool } = await openTestDatabase(t)
  const { log, text } = lines()
  await pool.query('create table people (mobile text primary key, age int)')
  await pool.query(`insert into people values ('13812345678', 30)`)
  const refused = [`insert into people values ('13812345678', 31)`, `select 'Li Na'::int`, `select date '2024-02-30 Li Na'`, `select '{"Li Na": '::json`]
  for (const statement of refused) log.error({ err: await pool.query(statement).then(() => t.fail('it was taken'), (error: unknown) => error) }, 'refused')
  const told = text()
  t.match(told, '"code":"23505"')
  t.match(told, 'people_pkey', 'what is to be mended is named')
  t.match(told, 'invalid input syntax for type integer: \\"…\\"')
  t.equal(told.match(/"stack":"/g)?.length, refused.length)
  t.notMatch(told, '13812345678')
  t.notMatch(told, 'Li Na')
})
