import t from 'tap'
import { attributeTarget, tagTarget, type Stored, type Target } from '../../src/catalog/target.ts'
import { getCatalog } from '../../src/catalog/queries.ts'
import { decide } from '../../src/overrides/decide.ts'
import type { Change } from '../../src/overrides/queries/insert-decisions.ts'
import { undoEntry } from '../../src/overrides/undo.ts'
import { runReproject } from '../../src/projection/run-reproject.ts'
import { openTestDatabase, type TestDatabase } from '../helper.ts'
import { contextOfNewJob } from '../seed.ts'
import { columnIds, makeWorld } from '../users/world.ts'

const zone = 'Asia/Shanghai'

async function open(t: Parameters<typeof openTestDatabase>[0]) {
  const database = await openTestDatabase(t)
  await makeWorld(database)
  const { id } = await database.db.insertInto('operators').values({ email: 'a@example.com', name: 'Lin Yating', password_hash: '-' }).returning('id').executeTakeFirstOrThrow()
  const operator = { id, name: 'Lin Yating' }
  const columns = await columnIds(database)
  const target = async (name: string): Promise<Target> => {
    const catalog = await getCatalog(database.db)
    return (name.includes('.') ? tagTarget(catalog, columns[name] as number) : attributeTarget(catalog, name)) as Target
  }
  return {
    database,
    async act(users: string[], name: string, change: Change, policy: 'keep' | 'until_import' = 'keep', always = false) {
      return decide(database.db, await getCatalog(database.db), zone, users, [{ target: await target(name), change, policy, always }], { kind: 'edit', title: 'an act', operator })
    },
    async undo(entryId: string) { return undoEntry(database.db, await getCatalog(database.db), zone, entryId, operator) },
    shows: async (user: string, name: string) => shown(database, await target(name), user)
  }
}

async function shown({ db, pool }: TestDatabase, target: Target, user: string): Promise<Stored> {
  const catalog = await getCatalog(db)
  const [table, column] = target.attribute ? [catalog.usersTable, target.attribute.column] : [catalog.sources.find((source) => source.id === target.source.id)?.valuesTable, target.column.column]
  const { rows } = await pool.query(`select to_jsonb(${column}) as value from ${table} where user_id = $1`, [user])
  return rows[0]?.value ?? null
}

t.test('an edit shows at once, and its undo brings back what was there', async (t) => {
  const { act, undo, shows } = await open(t)
  const first = await act(['1'], 'city', { mode: 'set', value: '宁波市' })
  t.equal(first.users, 1)
  t.equal(await shows('1', 'city'), '宁波市')
  t.same(await act(['1'], 'city', { mode: 'set', value: '宁波市' }), { entryId: null, users: 0 }, 'an equal value records nothing')
  const empty = await act(['1'], 'city', { mode: 'set', value: null })
  t.equal(await shows('1', 'city'), null, 'empty by hand')
  t.match(await undo(first.entryId!), { users: 0, skipped: 1 }, 'what changed since is skipped')
  t.match(await undo(empty.entryId!), { users: 1, skipped: 0 })
  t.equal(await shows('1', 'city'), '宁波市')
  await act(['1'], 'city', { mode: 'return' })
  t.equal(await shows('1', 'city'), '杭州市', 'the source says it again')
  await t.rejects(undo(empty.entryId!), { message: /taken back already/ })
})

t.test('values of a multi-value tag are added and removed, also where a user has no row in its source', async (t) => {
  const { act, undo, shows } = await open(t)
  const added = await act(['1', '7'], '1.likes', { mode: 'add', value: ['golf', 'tea'] }, 'keep', true)
  t.equal(added.users, 2)
  t.same(await shows('1', '1.likes'), ['tea', 'hiking', 'golf'])
  t.same(await shows('7', '1.likes'), ['golf', 'tea'])
  await act(['1'], '1.likes', { mode: 'remove', value: ['tea', 'hiking', 'golf'] })
  t.equal(await shows('1', '1.likes'), null)
  await undo(added.entryId!)
  t.equal(await shows('1', '1.likes'), null, 'changed since')
  t.equal(await shows('7', '1.likes'), null)
})

t.test('numbers and times are kept in one form, so that equal ones are equal', async (t) => {
  const { act, shows } = await open(t)
  t.same(await act(['1'], '1.value', { mode: 'set', value: '12480.0' }), { entryId: null, users: 0 })
  t.equal((await act(['1'], '1.value', { mode: 'set', value: '12480.5' })).users, 1)
  t.equal(await shows('1', '1.value'), 12480.5)
  t.same(await act(['1'], '1.updated', { mode: 'set', value: '2026-01-05T10:00:00+08:00' }), { entryId: null, users: 0 })
  t.equal((await act(['1'], '1.updated', { mode: 'set', value: '2026-01-05T10:01:00+08:00' })).users, 1)
})

t.test('a rebuild says where the published tables said something else', async (t) => {
  const { database, act } = await open(t)
  await act(['1'], 'city', { mode: 'set', value: '宁波市' })
  const { usersTable } = await getCatalog(database.db)
  await database.pool.query(`update ${usersTable} set a5 = 'wrong' where user_id in (1, 2)`)
  t.same(await runReproject(await contextOfNewJob(database), { compare: true }), { differences: [{ table: 'users', users: 2 }] })
  t.same(await runReproject(await contextOfNewJob(database), { compare: true }), { differences: [] })
})
