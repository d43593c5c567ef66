import { sql } from 'kysely'
import t from 'tap'
import { getCatalog } from '../../src/catalog/queries.ts'
import { fieldOf, targetOf, type Target } from '../../src/catalog/target.ts'
import { insertJob, setJobStarted } from '../../src/jobs/queries.ts'
import { insertSelection } from '../../src/overrides/queries/selections.ts'
import { runBatch } from '../../src/overrides/run-batch.ts'
import { runUndo } from '../../src/overrides/undo.ts'
import { inPlaceAtMost } from '../../src/projection/publish.ts'
import { runReproject } from '../../src/projection/run-reproject.ts'
import { openTestDatabase } from '../helper.ts'
import { makeAdministrator } from '../role.ts'
import { quietContext, seed, type SeedStructure } from '../seed.ts'

/** So many that their tables are written anew. */
const people = inPlaceAtMost + 2000
/** They are everybody but the first hundred. */
const chosen = people - 100

const structure = (alias: string): SeedStructure => ({
  alias, key: { column: 'no' },
  columns: [{ name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'city', kind: 'attribute', type: 'text', attribute: 'city' }, { name: 'level', kind: 'tag', type: 'text' }, { name: 'points', kind: 'tag', type: 'number' }]
})
const csv = (from: number, to: number, city: string) => ['no,city,level,points', ...Array.from({ length: to - from }, (_, n) => `M${from + n},${city},${n % 3 ? 'Silver' : ''},${n % 7}.50`)].join('\n')

t.test('a batch about so many that tables are written anew, and its undo, show what a rebuild shows', { timeout: 300_000 }, async (t) => {
  const database = await openTestDatabase(t)
  const { db, pool } = database
  await seed(database, structure('Members'), csv(0, people, 'Ulm'))
  // Of another source only a few have a row: two of those share their user with a row of the first.
  await seed(database, structure('Shop'), csv(people - 2, people + 3, 'Bern'))
  const operator = await makeAdministrator(db, 'A')
  const run = async <T>(work: (context: ReturnType<typeof quietContext>) => Promise<T>) => {
    const jobId = await insertJob(db, { kind: 'test', title: 'test', payload: {}, operatorId: null })
    await setJobStarted(db, jobId)
    return work(quietContext(database, jobId))
  }
  const shown = async (ref: string) => {
    const catalog = await getCatalog(db)
    const { table, column } = fieldOf(catalog, targetOf(catalog, ref) as Target)
    return (await pool.query<{ user_id: string; value: string }>(`select user_id, ${column}::text as value from ${table} order by user_id`)).rows
  }
  const batch = (ref: string, value: string) => run(async (context) => {
    const { usersTable } = await getCatalog(db)
    const selection = await db.transaction().execute((trx) => insertSelection(trx, { operatorId: operator.id, query: null }, sql`select user_id from ${sql.table(usersTable)} order by user_id offset 100 limit ${chosen}`))
    return (await runBatch(context, { kind: 'batch', title: 'Batch', selectionId: selection.id, ref, change: { mode: 'set', value }, policy: 'keep', operator })) as { entryId: string; users: number }
  })
  const differences = async () => (await run((context) => runReproject(context, { compare: true }))).differences
  const { sources } = await getCatalog(db)
  const tag = (source: number, name: string) => `tag:${sources[source]?.columns.find((column) => column.name === name)?.id}`
  for (const [ref, value, other] of [[tag(0, 'level'), 'Gold', 'Tin'], [tag(0, 'points'), '2.5', '7'], [tag(1, 'level'), 'Gold', 'Tin'], ['attribute:city', 'Rom', 'Oslo']] as const) {
    const before = await shown(ref)
    const first = await batch(ref, value)
    const between = await shown(ref)
    t.equal(between.filter((row) => row.value === value).length, first.users, `${ref}: everybody chosen shows it`)
    t.same(await differences(), [], `${ref}: a rebuild shows the same`)
    const second = await batch(ref, other)
    t.equal((await shown(ref)).filter((row) => row.value === other).length, second.users, `${ref}: and the second one`)
    await run((context) => runUndo(context, { entryId: second.entryId, operator }))
    t.same(await shown(ref), between, `${ref}: the undo of the second shows the first again`)
    t.same(await differences(), [], `${ref}: as a rebuild does`)
    await run((context) => runUndo(context, { entryId: first.entryId, operator }))
    t.same(await shown(ref), before, `${ref}: that of the first what the sources say`)
    t.same(await differences(), [], `${ref}: as a rebuild does, too`)
  }
})
