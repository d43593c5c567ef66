import fc from 'fast-check'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { atOnce } from '../../src/db/at-once.ts'
import { copyIn } from '../../src/db/copy.ts'
import { openDatabase, openPool, type Db } from '../../src/db/database.ts'
import { readSnapshot } from '../../src/db/snapshot.ts'
import { openTestDatabase } from '../helper.ts'

/** Two connections: whatever one turn leaves behind meets the next. */
async function open(t: Test) {
  const { url } = await openTestDatabase(t)
  const pool = openPool(url, { max: 2, name: 'at-once' })
  t.teardown(() => pool.end())
  return { pool, db: openDatabase(pool) }
}

const echo = async (db: Db, text: string) => (await sql<{ text: string }>`select ${text}::text as text`.execute(db)).rows[0]?.text
const fail = (db: Db, text: string) => sql`select ${text}::int`.execute(db)
const processOf = async (db: Db) => (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)).rows[0]?.pid

t.test('what is asked at once is answered each by its own answer, on one connection', async (t) => {
  const { db } = await open(t)
  const answers = await atOnce(db, (one) => Promise.all([echo(one, 'a'), sql`select 1 as one`.execute(one).then(({ rows }) => rows), echo(one, 'b'), processOf(one), processOf(one)]))
  t.same(answers.slice(0, 3), ['a', [{ one: 1 }], 'b'])
  t.equal(answers[3], answers[4])
  await t.rejects(async () => { await atOnce(db, (one) => one.transaction().execute((trx) => echo(trx, 'x'))) }, /transaction cannot begin/)
})

t.test('where one fails the first failure is thrown, and nobody gets the answer to another', { timeout: 120_000 }, async (t) => {
  const { db } = await open(t)
  let turn = 0
  const act = fc.record({ how: fc.constantFrom('at once', 'snapshot', 'alone', 'transaction'), statements: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }) })
  await fc.assert(fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (acts) => {
    const outcomes = await Promise.all(acts.map(async ({ how, statements }) => {
      const texts = statements.map((works, at) => `${works ? 'said' : 'not a number'} ${++turn} ${at}`)
      const ask = (one: Db) => Promise.all(texts.map((text, at) => (statements[at] ? echo(one, text) : fail(one, text).then(() => ''))))
      const found = await (how === 'at once' ? atOnce(db, ask) : how === 'snapshot' ? readSnapshot(db, ask) : how === 'transaction' ? db.transaction().execute(async (trx) => { const all = []; for (const [at, text] of texts.entries()) all.push(statements[at] ? await echo(trx, text) : await fail(trx, text)); return all }) : ask(db)).then((value) => ({ value }), (error: Error) => ({ error }))
      const first = statements.indexOf(false)
      if (first < 0) return 'value' in found && found.value.every((one, at) => one === texts[at])
      // On connections of their own it is open which one fails first.
      return 'error' in found && (how === 'alone' ? found.error.message.includes('not a number') : found.error.message.includes(texts[first]!))
    }))
    return outcomes.every(Boolean)
  }), { numRuns: 150 })
  t.equal(await echo(db, 'after'), 'after')
})

t.test('a snapshot is one, whatever is committed between its statements, and its limits end it alone', async (t) => {
  const { db, pool } = await open(t)
  await pool.query('create table words (word text); insert into words values (1)')
  const count = async (one: Db) => (await sql<{ n: string }>`select count(*) as n from words`.execute(one)).rows[0]?.n
  const counts = await readSnapshot(db, async (one) => {
    const [before] = await Promise.all([count(one), echo(one, 'x')])
    await pool.query('insert into words values (2)')
    return [before, await count(one)]
  })
  t.same(counts, ['1', '1'])
  await t.rejects(readSnapshot(db, (one) => sql`insert into words values (3)`.execute(one)), /read-only transaction/)
  await t.rejects(readSnapshot(db, (one) => Promise.all([sql`set local statement_timeout = 20`.execute(one), sql`select pg_sleep(5)`.execute(one), echo(one, 'late')])), /statement timeout/)
  t.equal(await count(db), '2')
  t.same((await pool.query('show statement_timeout')).rows, [{ statement_timeout: '0' }])
})

t.test('COPY works on a connection that was lent for statements at once', async (t) => {
  const { db, pool } = await open(t)
  await pool.query('create table words (word text)')
  for (let round = 0; round < 3; round++) {
    await Promise.all([1, 2].map(() => atOnce(db, (one) => Promise.all([echo(one, 'a'), fail(one, 'b')])).catch(() => {})))
    const client = await pool.connect()
    await copyIn(client, 'copy words from stdin', [Buffer.from('a\nb\n')])
    client.release()
  }
  t.same((await pool.query('select count(*)::int as n from words')).rows, [{ n: 6 }])
})

t.test('a connection that is lost in the middle is not lent again', async (t) => {
  const { db, pool } = await open(t)
  await t.rejects(atOnce(db, (one) => Promise.all([echo(one, 'a'), sql`select pg_terminate_backend(pg_backend_pid())`.execute(one), echo(one, 'b')])))
  await t.rejects(readSnapshot(db, (one) => Promise.all([echo(one, 'a'), sql`select pg_terminate_backend(pg_backend_pid())`.execute(one)])))
  for (let round = 0; round < 4; round++) t.equal(await echo(db, `round ${round}`), `round ${round}`)
  t.ok(pool.totalCount <= 2)
})
