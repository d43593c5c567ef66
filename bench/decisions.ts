import { sql } from 'kysely'
import { getCatalog } from '../src/catalog/queries.ts'
import { insertSelection } from '../src/overrides/queries/selections.ts'
import type { BatchPayload } from '../src/overrides/run-batch.ts'
import { Browser } from './browser.ts'
import { signIn, type Console } from './console.ts'
import type { Files } from './data-file.ts'
import { importFile, waitUntilIdle } from './imports.ts'
import { say } from './pages.ts'
import type { StatementLog } from './statements.ts'
import { count, milliseconds, seconds, times, type ResultTable } from './table.ts'
import { repeat, timesOf } from './timing.ts'

const source = 'members'

/** Decisions by hand: one saved in place, a hundred thousand beside a run, and a million entries of the history under every page. */
export async function measureDecisions(console_: Console, log: StatementLog, files: Files, table: ResultTable): Promise<void> {
  const browser = new Browser(console_.address, await signIn(console_.address))
  try {
    await measureSave(console_, browser, table)
    await measureBesideDecisions(console_, log, files, table)
    await measureHistory(console_, browser, table)
  } finally {
    browser.close()
  }
}

/** Saves another value of one field of many users, each read before as its editor does. */
async function measureSave({ db, pool }: Console, browser: Browser, table: ResultTable): Promise<void> {
  const { usersTable } = await getCatalog(db)
  const { rows } = await pool.query<{ user_id: string }>(`select user_id from ${usersTable} tablesample bernoulli (1) order by random() limit 200`)
  const token = /name="_csrf" value="([^"]+)"/.exec((await browser.get('/password')).body)?.[1] ?? ''
  const saved: number[] = []
  for (const [turn, { user_id: user }] of rows.entries()) {
    const address = `/users/${user}/fields/attribute:channel`
    const { body } = await browser.get(`${address}/edit`)
    const version = /name="version" value="([^"]*)"/.exec(body)?.[1] ?? ''
    const answer = await browser.send('PATCH', address, token, { value: `channel ${turn}`, version, act: 'save' })
    if (answer.status !== 200 && answer.status !== 303) throw new Error(`Saving answered ${answer.status}: ${answer.body.slice(0, 300)}`)
    if (turn >= 10) saved.push(answer.milliseconds)
  }
  const spent = timesOf(saved)
  table.add({ work: 'a value saved in place', here: say(spent), reach: 'p50 under 15 ms', met: spent.p50 < 15, note: `${spent.count} saves, with history and projection` })
}

/** The same run (1% of rows changed) without and with 100,000 hand-set values of a tag of its source. */
async function measureBesideDecisions(console_: Console, log: StatementLog, files: Files, table: ResultTable): Promise<void> {
  const turns = [files.people, files.changed]
  const run = async () => { const path = turns.shift() as string; turns.push(path); const { seconds: took } = await importFile(console_, log, source, path); await waitUntilIdle(console_); return took }
  await run()
  const without = await run()
  const kept = await batch(console_, 'keep')
  const beside = await run()
  table.add({ work: `import again, 1% changed, beside ${count(kept)} hand-set values`, here: seconds(beside), bare: `${seconds(without)} (without them)`, ratio: times(beside / without), reach: 'at most 1.2 x', met: beside <= 1.2 * without })
  const ending = await batch(console_, 'until_import')
  const ended = await run()
  table.add({ work: `… and ending ${count(ending)} of them`, here: seconds(ended), bare: `${seconds(without)} (without them)`, ratio: times(ended / without), note: 'policy: overwrite existing tags' })
}

/** Sets a text tag of 100,000 users by the job of the pages, and answers for how many. */
async function batch({ db, queue }: Console, policy: BatchPayload['policy']): Promise<number> {
  const catalog = await getCatalog(db)
  const column = catalog.sources.find((one) => one.alias === source)?.columns.find((one) => one.kind === 'tag' && one.type === 'text')
  const operator = await db.selectFrom('operators').select(['id', 'name']).executeTakeFirstOrThrow()
  const { jobId, users } = await db.transaction().execute(async (trx) => {
    const selection = await insertSelection(trx, { operatorId: operator.id, query: null }, sql`select user_id from ${sql.table(catalog.usersTable)} where user_id % 10 = 0`)
    const payload: BatchPayload = { kind: 'batch', title: 'Batch', selectionId: selection.id, ref: `tag:${column?.id}`, change: { mode: 'set', value: `by hand, ${policy}` }, policy, operator }
    return { users: selection.users, jobId: await queue.enqueue(trx, { kind: 'batch', title: 'Batch', payload, operatorId: operator.id }) }
  })
  await queue.wake(jobId)
  await waitUntilIdle({ db } as Console)
  return users
}

/** A million entries, each about one user, older than what was done here. */
async function measureHistory({ db, pool }: Console, browser: Browser, table: ResultTable): Promise<void> {
  const { usersTable } = await getCatalog(db)
  await pool.query(`with entries as (
      insert into history_entries (at, operator_id, operator_name, kind, title, users_affected)
      select now() - interval '1 day' - n * interval '1 second', (select min(id) from operators), 'Bench', 'edit', 'Edit of a user', 1 from generate_series(1, 1000000) n returning id
    ), numbered as (select id, row_number() over () as n from entries), people as (select user_id, row_number() over () as n from ${usersTable})
    insert into history_items (entry_id, item, row_number, table_name, column_name, field, old_value, new_value)
    select e.id, 1, p.user_id, 'overrides', 'value', 'attribute:city', '"Bern"', '"Ulm"' from numbered e join people p on p.n = e.n`)
  await pool.query('analyze history_entries; analyze history_items')
  const { rows: [user] } = await pool.query<{ user_id: string }>(`select user_id from ${usersTable} order by user_id desc offset 1000 limit 1`)
  for (const [name, path] of [['list, first page', '/users'], ['profile page', `/users/${user?.user_id}`], ['history of a user', `/users/${user?.user_id}?side=history`], ['Settings > History', '/settings/history']] as const) {
    const first = await browser.get(path)
    if (first.status !== 200) { table.add({ work: `${name}, 1,000,000 history entries`, here: 'skipped', note: `${path} answers ${first.status}` }); continue }
    const spent = await repeat(() => browser.get(path))
    table.add({ work: `${name}, 1,000,000 history entries`, here: say(spent), reach: `p50 under ${milliseconds(10)}`, met: spent.p50 < 10 })
  }
}
