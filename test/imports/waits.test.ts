import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { build } from '../helper.ts'
import { quietContext, seed, textRows, type SeedStructure } from '../seed.ts'
import { importRows } from '../../src/imports/run-import.ts'
import { insertJob, setJobStarted } from '../../src/jobs/queries.ts'
import { holdProjection } from '../../src/projection/lock.ts'
import { RecordSplitter } from '../../src/imports/split-records.ts'

const rows = 1_000_000
/** Source of the figure: issue "From a CSV file to a user list and a profile", section 2. */
const longestWait = 2000

const names = ['no', 'mobile', 'name', 'city', 'points', 'store', 'seen']
const members: SeedStructure = {
  alias: 'Members', key: { column: 'no', idType: 'ONEID' },
  columns: [
    { name: 'no', kind: 'id', type: 'text', idType: 'ONEID' }, { name: 'mobile', kind: 'id', type: 'text', idType: 'MOBILE' }, { name: 'name', kind: 'attribute', type: 'text', attribute: 'name' },
    { name: 'city', kind: 'attribute', type: 'text', attribute: 'city' }, { name: 'points', kind: 'tag', type: 'number' }, { name: 'store', kind: 'tag', type: 'text' }, { name: 'seen', kind: 'tag', type: 'time', format: 'YMD' }
  ]
}
const line = (index: number) => `M${index},${13_000_000_000 + index},Name ${index},City ${index % 90},${index % 7},Store ${index % 400},2026-01-02 03:04:05\n`

/** A million rows without holding them: made as they are read. */
function manyRows(): ReturnType<typeof textRows> {
  const splitter = new RecordSplitter({ delimiter: ',', columns: names.length, header: false })
  async function* chunks(counting?: readonly number[]) {
    if (counting) splitter.hashBy(counting)
    for (let at = 0; at < rows; at += 5000) yield splitter.push(Buffer.from(Array.from({ length: 5000 }, (_, index) => line(at + index)).join('')))
    yield splitter.end()
  }
  return { columns: names, delimiter: ',', chunks, takeBad: () => splitter.takeBad(), traits: (column) => splitter.traits(column), progress: () => ({ done: splitter.records, total: rows }) }
}

t.test('in no phase of a run of a million rows does a page or an edit wait more than two seconds', { timeout: 600_000 }, async (t) => {
  const app = await build(t)
  const { sourceId } = await seed(app, members, `${names.join(',')}\n${Array.from({ length: 1000 }, (_, index) => line(index + 5_000_000)).join('')}`)
  const jobId = await insertJob(app.db, { kind: 'import', title: 'many rows', payload: {}, operatorId: null })
  const { id: runId } = await app.db.insertInto('import_runs').values({ source_id: sourceId, job_id: jobId, file_name: 'many.csv' }).returning('id').executeTakeFirstOrThrow()
  await setJobStarted(app.db, jobId)
  let stage = ''
  const waits = new Map<string, { page: number; edit: number; times: number }>()
  let done = false
  const run = importRows({ ...quietContext(app, jobId), progress: (next) => { stage = next } }, runId, async () => manyRows()).finally(() => { done = true })
  let turn = 0
  while (!done) {
    const at = stage
    const pageStart = performance.now()
    const page = await app.as({ url: turn % 2 ? '/users/1' : '/users' })
    const page200 = performance.now() - pageStart
    if (page.statusCode !== 200) t.fail(`the page answered ${page.statusCode} in the stage ${at}`)
    const editStart = performance.now()
    // What an edit of a user does: its decision, and the user's row of the projection, holding the projection.
    await app.db.transaction().execute(async (trx) => {
      await holdProjection(trx)
      await trx.insertInto('overrides').values({ row_number: '1', attribute_id: 5, type: 'text', value: JSON.stringify(`by hand ${turn}`), policy: 'keep' }).execute()
      const { users_table: users } = await trx.selectFrom('catalog_state').select('users_table').executeTakeFirstOrThrow()
      await trx.updateTable(users as never).set({ a5: `by hand ${turn}` } as never).where('user_id' as never, '=', '1' as never).execute()
    })
    const edit = performance.now() - editStart
    const worst = waits.get(at) ?? { page: 0, edit: 0, times: 0 }
    waits.set(at, { page: Math.max(worst.page, page200), edit: Math.max(worst.edit, edit), times: worst.times + 1 })
    turn++
    await delay(20)
  }
  await run
  for (const [name, { page, edit, times }] of waits) {
    t.ok(page < longestWait, `${name}: the slowest of ${times} pages took ${Math.round(page)} ms`)
    t.ok(edit < longestWait, `${name}: the slowest of ${times} edits took ${Math.round(edit)} ms`)
  }
  t.ok(['Read file', 'Compare and store', 'ID mapping', 'Show'].every((name) => waits.has(name)), `every phase was met: ${[...waits.keys()].join(', ')}`)
  const { users_table: users } = await app.db.selectFrom('catalog_state').select('users_table').executeTakeFirstOrThrow()
  const { rows: [user] } = await app.pool.query(`select a5 from ${users} where user_id = 1`)
  t.equal(user.a5, `by hand ${turn - 1}`, 'the last edit is what pages show after the run: none was lost')
  const { rows: [count] } = await app.pool.query('select user_count from catalog_state')
  t.equal(count.user_count, String(rows + 1000))
})
