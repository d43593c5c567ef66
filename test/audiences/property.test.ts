import fc from 'fast-check'
import { sql } from 'kysely'
import t from 'tap'
import { Access } from '../../src/access/access.ts'
import { runBuild } from '../../src/audiences/run-build.ts'
import { getCatalog } from '../../src/catalog/queries.ts'
import { insertJob, setJobStarted } from '../../src/jobs/queries.ts'
import { insertSelection } from '../../src/overrides/queries/selections.ts'
import { matchingUsers } from '../../src/users/queries/matching.ts'
import { openTestDatabase, type TestDatabase } from '../helper.ts'
import { steps, World } from '../overrides/world.ts'
import { quietContext } from '../seed.ts'
import { add, admin, audienceOf } from './world.ts'

const keys = Object.assign(() => [], { masked: false })
const moving = new Set(['import', 'undo_run', 'exclude', 'id_type'])

/** What an audience must show: who holds, now, a number that was a member when it was built. */
class Expected {
  readonly numbers = new Map<number, Set<string>>()
  holders(id: number, holderOf: Map<string, string>): string[] {
    return [...new Set([...this.numbers.get(id)!].flatMap((number) => holderOf.get(number) ?? []))].toSorted((a, b) => Number(a) - Number(b))
  }
}

async function shown({ db }: TestDatabase, id: number, how: 'any' | 'none' = 'any'): Promise<string[]> {
  const catalog = await getCatalog(db)
  const users = matchingUsers(Access.full(catalog).withAudiences(catalog.audiences), { timeZone: 'UTC', keys }, { audience: { how, ids: [id] } })
  const { rows } = await sql<{ user_id: string }>`select user_id from (${users}) u order by user_id`.execute(db)
  return rows.map((row) => row.user_id)
}

const order = (a: string, b: string) => Number(a) - Number(b)

t.test('whoever joins, splits, goes and comes back: an audience shows who holds the numbers of its members now', async (t) => {
  const actions = fc.tuple(steps, fc.array(fc.option(fc.nat({ max: 15 }), { freq: 3 }), { minLength: 15, maxLength: 15 }))
  await fc.assert(fc.asyncProperty(actions, async ([all, builds]) => {
    const done: (() => unknown)[] = []
    const database = await openTestDatabase({ name: t.name, teardown: (fn) => done.push(fn) })
    try {
      const world = await World.open(database)
      const expected = new Expected()
      for (const [index, action] of all.filter(({ act }) => moving.has(act)).entries()) {
        await world.take(action)
        const mask = builds[index]
        if (mask !== null && mask !== undefined) await buildFrom(database, expected, world.model.holders, mask, index)
        for (const id of expected.numbers.keys()) {
          t.same(await shown(database, id), expected.holders(id, world.model.holders), `audience ${id} after ${JSON.stringify(action)}`)
          const everybody = [...new Set(world.model.holders.values())].toSorted(order)
          t.same(await shown(database, id, 'none'), everybody.filter((user) => !expected.holders(id, world.model.holders).includes(user)), 'and all others are in none of it')
        }
        if (!t.passing()) throw new Error(JSON.stringify({ all, builds }))
      }
      const before = await Promise.all([...expected.numbers.keys()].map((id) => shown(database, id)))
      await world.rebuild()
      t.same(await Promise.all([...expected.numbers.keys()].map((id) => shown(database, id))), before, 'a rebuild changes nothing')
      if (!t.passing()) throw new Error(JSON.stringify({ all, builds }))
    } finally {
      for (const fn of done) await fn()
    }
  }), { ...(process.env['SEED'] ? { seed: Number(process.env['SEED']), path: process.env['FC_PATH'] ?? '0' } : {}), numRuns: Number(process.env['RUNS'] ?? 10), endOnFailure: true })
})

/** A new audience of some of the users; every third time another choice for the last one, so that it has a build before. */
async function buildFrom(database: TestDatabase, expected: Expected, holderOf: Map<string, string>, mask: number, index: number): Promise<void> {
  const users = [...new Set(holderOf.values())].toSorted(order).filter((_, at) => (mask >> (at % 4)) & 1)
  const last = [...expected.numbers.keys()].at(-1)
  const { id: selectionId } = await database.db.transaction().execute((trx) => insertSelection(trx, { operatorId: admin.id, query: null }, sql`select unnest(${users}::bigint[]) as user_id`))
  const again = last !== undefined && index % 3 === 2
  const id = again ? last : (await add(database, `Audience ${index}`, null, { selectionId })).id
  const before = again ? expected.holders(id, holderOf) : []
  await database.db.updateTable('jobs').set({ status: 'cancelled' }).where('kind', '=', 'audience').execute()
  const jobId = await insertJob(database.db, { kind: 'audience', title: 'build', payload: {}, operatorId: null })
  await setJobStarted(database.db, jobId)
  await runBuild(quietContext(database, jobId), { audienceId: id, operator: admin, selectionId })
  expected.numbers.set(id, new Set(users))
  const { size, came, went } = await audienceOf(database, id)
  t.same({ size, came, went }, { size: users.length, came: again ? users.filter((user) => !before.includes(user)).length : 0, went: before.filter((user) => !users.includes(user)).length })
}
