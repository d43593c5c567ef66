import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { runRemap } from '../../src/identities/run-remap.ts'
import { runUndoRun } from '../../src/imports/run-undo.ts'
import { runReproject } from '../../src/projection/run-reproject.ts'
import { openTestDatabase, type TestDatabase } from '../helper.ts'
import { contextOfNewJob, seed, type SeedStructure } from '../seed.ts'

const columns = (key: string): SeedStructure['columns'] => [
  { name: 'key', kind: 'id', type: 'text', idType: key }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'mail', kind: 'id', type: 'text', idType: 'EMAIL', encryption: key === 'ONEID' ? 'unencrypted' : 'sha256' },
  { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' }, { name: 'likes', kind: 'tag', type: 'multi', delimiter: '|' }
]
const sources: SeedStructure[] = [
  { alias: 'One', key: { column: 'key', idType: 'ONEID' }, columns: columns('ONEID') }, { alias: 'Two', key: { column: 'key', idType: 'UNION_ID' }, columns: columns('UNION_ID') }
]
// Plain in one source, its SHA256 in the other.
const mails = [['a@x.com', createHash('sha256').update('a@x.com').digest('hex')], ['', '']] as const
const row = fc.record({
  key: fc.integer({ min: 1, max: 9 }), mobile: fc.constantFrom('', '13800000001', '13800000002', '13800000003', '0'), mail: fc.integer({ min: 0, max: 1 }), name: fc.constantFrom('', 'Ann', 'Bob'), likes: fc.constantFrom('', 'a', 'a|b')
})
const run = fc.record({
  source: fc.integer({ min: 0, max: 1 }), whole: fc.boolean(), rows: fc.uniqueArray(row, { selector: (one) => one.key, minLength: 1, maxLength: 7 }), undo: fc.constantFrom('now', 'now', 'later', 'no'),
  decision: fc.option(fc.record({ who: fc.nat({ max: 11 }), value: fc.constantFrom('hand', null) }))
})
type Run = typeof run extends fc.Arbitrary<infer R> ? R : never

/** All four layers, in an order of their own, as far as a run has a part in them. */
async function state({ pool }: TestDatabase): Promise<Record<string, unknown>> {
  const all = async (statement: string) => (await pool.query(statement)).rows
  const [{ users_table: users } = { users_table: '' }] = await all('select users_table from catalog_state')
  const tables = await all('select rows_table, identities_table, values_table, row_count, user_count from sources where rows_table is not null order by id')
  return {
    counts: tables.map((one) => [one.row_count, one.user_count]), rows: await Promise.all(tables.map((one) => all(`select * from ${one.rows_table} order by row_number`))),
    identities: await Promise.all(tables.map((one) => all(`select * from ${one.identities_table} order by row_number, column_id, match_key`))), hashes: await all('select * from plain_hashes order by 1, 2'),
    removed: await all('select row_number, source_key, anchor, run_id, reason, created_at, removed_at from removed_rows order by 1'), aliases: await all('select * from row_aliases order by row_number'),
    refused: await all('select id_type, match_key, reason, conflict_type, row_count from refused_joins order by 1, 2'), decisions: await all('select id, row_number, ended_by_run from overrides order by id'), drift: await all(`select o.id from override_drift d join overrides o on o.id = d.override_id join ${users} u on u.user_id = user_of(o.row_number) order by 1`),
    users: await all(`select * from ${users} order by user_id`), values: await Promise.all(tables.map((one) => all(`select * from ${one.values_table} order by user_id`)))
  }
}

/** Without the numbers that the run gave: they stay given. */
function withoutRun(found: Record<string, unknown>, before: Record<string, unknown>): Record<string, unknown> {
  const known = new Set((before['removed'] as { row_number: string }[]).map((one) => one.row_number))
  const removed = (found['removed'] as { row_number: string; reason: string }[]).filter((one) => known.has(one.row_number) || one.reason !== 'run undone')
  return { ...found, removed }
}

/** One of the numbers that were given so far, of rows that are removed as well: a decision may stand under each of them. */
async function numberAt({ pool }: TestDatabase, place: number): Promise<string | undefined> {
  const tables = (await pool.query('select rows_table as name from sources where rows_table is not null')).rows.map((one) => one.name as string)
  const { rows } = await pool.query(`select row_number from (${['removed_rows', ...tables].map((table) => `select row_number from ${table}`).join(' union ')}) n order by row_number limit 12`)
  return rows[place % Math.max(1, rows.length)]?.row_number
}

async function undo(database: TestDatabase, runId: number): Promise<void> {
  await runUndoRun(await contextOfNewJob(database), { runId, operator: { id: 1, name: 'Lin' } })
}

async function importOne(database: TestDatabase, { source, whole, rows }: Run, filler: boolean): Promise<number> {
  const lines = rows.map((one) => [one.key, one.mobile, mails[one.mail]![source], one.name, one.likes].join(','))
  // Many rows that share nothing, so that a run is small beside the whole and takes the incremental way.
  const others = filler ? Array.from({ length: 60 }, (_, index) => `f${index},,,,`) : []
  return (await seed(database, sources[source] as SeedStructure, ['key,mobile,mail,name,likes', ...lines, ...others].join('\n'), { whole })).runId
}

t.test('after the undo of a run everything is as if it had never been', { timeout: 900_000 }, async (t) => {
  await fc.assert(fc.asyncProperty(fc.array(run, { minLength: 2, maxLength: 6 }), fc.boolean(), async (runs, filler) => {
    const done: (() => unknown)[] = []
    const database = await openTestDatabase({ name: t.name, teardown: (fn) => done.push(fn) })
    try {
      await database.db.insertInto('operators').values({ email: 'a@example.com', name: 'Lin', password_hash: '-' }).execute()
      await database.db.updateTable('id_types').set({ mapping: true }).where('code', '=', 'EMAIL').execute()
      await database.db.insertInto('settings').values({ name: 'over_shared_limit', value: '3' }).execute()
      let waiting: { runId: number; source: number } | undefined
      for (const one of runs) {
        const row = one.decision ? await numberAt(database, one.decision.who) : undefined
        if (one.decision && row !== undefined) {
          await database.db.insertInto('overrides').values({ row_number: row, attribute_id: 1, type: 'text', value: one.decision.value === null ? null : JSON.stringify(one.decision.value), policy: 'keep' }).execute()
          await runReproject(await contextOfNewJob(database))
        }
        const before = await state(database)
        const runId = await importOne(database, one, filler)
        if (one.undo === 'now') {
          await undo(database, runId)
          t.same(withoutRun(await state(database), before), before, 'the state is that before the run')
        }
        if (waiting && waiting.source !== one.source) {
          await undo(database, waiting.runId)
          const left = await state(database)
          await runRemap(await contextOfNewJob(database), {})
          await runReproject(await contextOfNewJob(database))
          t.same(await state(database), left, 'after a run of another source, too, mapping and projection are what a full recompute makes')
        }
        waiting = one.undo === 'later' ? { runId, source: one.source } : undefined
        if (!t.passing()) throw new Error('see above')
      }
    } finally {
      for (const fn of done) await fn()
    }
  }), { numRuns: Number(process.env['RUNS'] ?? 12), endOnFailure: true })
})
