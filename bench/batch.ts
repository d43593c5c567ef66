import { sql } from 'kysely'
import { setTimeout as sleep } from 'node:timers/promises'
import { getCatalog } from '../src/catalog/queries.ts'
import { findJob } from '../src/jobs/queries.ts'
import { insertSelection } from '../src/overrides/queries/selections.ts'
import type { BatchPayload } from '../src/overrides/run-batch.ts'
import type { Console } from './console.ts'
import { serverCpu } from './cpu.ts'
import { waitUntilIdle } from './imports.ts'
import { longest, type StatementLog } from './statements.ts'
import { count, seconds, times, type ResultTable } from './table.ts'
import { median, secondsOf } from './timing.ts'

const source = 'members'
const turns = 3

/** A tenth of the users is tagged, and that is taken back, beside a bare UPDATE of as many rows of the same table: by turns, since other work on the machine makes every single time doubtful. */
export async function measureBatch(console_: Console, log: StatementLog, table: ResultTable, statements: boolean): Promise<void> {
  const bare: Spent[] = []
  const freezes: number[] = []
  const batches: Spent[] = []
  const undos: Spent[] = []
  let users = 0
  const operator = await console_.db.selectFrom('operators').select(['id', 'name']).executeTakeFirstOrThrow()
  for (let turn = 0; turn < turns; turn++) {
    bare.push(await updateBare(console_))
    const batch = await choose(console_, operator, turn)
    users = batch.users
    freezes.push(batch.seconds)
    const mark = await log.mark()
    const tagged = await runJob(console_, 'batch', batch.payload, operator.id)
    batches.push(tagged)
    const undone = await runJob(console_, 'undo', { entryId: tagged.entryId, operator }, operator.id)
    undos.push(undone)
    if (statements) console.log(longest(await log.since(mark), 20).join('\n'))
  }
  const middle = (list: Spent[]) => median(list.map((one) => one.seconds))
  const [update, batch, undo] = [middle(bare), middle(batches), middle(undos)]
  const all = (list: Spent[]) => list.map((one) => seconds(one.seconds)).join(', ')
  const cpu = (list: Spent[]) => seconds(median(list.map((one) => one.cpu)))
  table.add({ work: `batch tag of ${count(users)} users`, here: seconds(batch), bare: seconds(update), ratio: times(batch / update), reach: 'at most 3 x', met: batch <= 3 * update, note: `bare: one UPDATE of as many rows of the same table; ${all(batches)} beside ${all(bare)}; processor ${cpu(batches)} beside ${cpu(bare)}` })
  table.add({ work: '… its undo', here: seconds(undo), bare: `${seconds(batch)} (the batch)`, ratio: times(undo / batch), reach: 'no slower than the batch', met: undo <= batch, note: `${all(undos)}; processor ${cpu(undos)}` })
  table.add({ work: '… freezing the choice', here: seconds(median(freezes)), note: 'when the dialog opens' })
}

interface Spent { seconds: number; /** Of all processors, by the database server. */ cpu: number }

/** One UPDATE of a tenth of the rows of a fresh copy of the values table, with its indexes. */
async function updateBare({ db, pool }: Console): Promise<Spent> {
  const { values, column } = await placeOf({ db })
  await pool.query(`drop table if exists bench_values; create table bench_values (like ${values} including all); insert into bench_values select * from ${values}`)
  await pool.query('vacuum analyze bench_values')
  await pool.query('checkpoint')
  const before = await serverCpu(pool)
  const took = await secondsOf(() => pool.query(`update bench_values set ${column} = 'bare' where user_id % 10 = 0`))
  const cpu = await serverCpu(pool) - before
  await pool.query('drop table bench_values')
  return { seconds: took, cpu }
}

async function placeOf({ db }: Pick<Console, 'db'>): Promise<{ values: string; column: string; ref: string; users: string }> {
  const catalog = await getCatalog(db)
  const members = catalog.sources.find((one) => one.alias === source)
  const tag = members?.columns.find((one) => one.kind === 'tag' && one.type === 'text')
  return { values: members?.valuesTable ?? '', column: tag?.column ?? '', ref: `tag:${tag?.id}`, users: catalog.usersTable }
}

async function choose({ db }: Console, operator: { id: number; name: string }, turn: number): Promise<{ payload: BatchPayload; users: number; seconds: number }> {
  const { ref, users } = await placeOf({ db })
  const start = performance.now()
  const selection = await db.transaction().execute((trx) => insertSelection(trx, { operatorId: operator.id, query: null }, sql`select user_id from ${sql.table(users)} where user_id % 10 = 0`))
  const payload: BatchPayload = { kind: 'batch', title: 'Batch', selectionId: selection.id, ref, change: { mode: 'set', value: `batch ${turn}` }, policy: 'keep', operator }
  return { payload, users: selection.users, seconds: (performance.now() - start) / 1000 }
}

/** From the moment the job begins to the one in which pages show what it did. */
async function runJob(console_: Console, kind: string, payload: unknown, operatorId: number): Promise<Spent & { entryId: string }> {
  const { db, queue, pool } = console_
  await db.executeQuery(sql`checkpoint`.compile(db))
  const before = await serverCpu(pool)
  const jobId = await queue.enqueue(db, { kind, title: kind, payload, operatorId })
  await queue.wake(jobId)
  for (;;) {
    const job = await findJob(db, jobId)
    const now = Date.now()
    if (job?.status === 'done') {
      const cpu = await serverCpu(pool) - before
      // The counting of values that it leaves behind must not stand beside what is measured next.
      await waitUntilIdle(console_)
      return { seconds: (now - (job.started_at?.getTime() ?? now)) / 1000, cpu, entryId: (job.result as { entryId: string }).entryId }
    }
    if (job && job.status !== 'waiting' && job.status !== 'running') throw new Error(`The job ended as ${job.status}: ${job.error}`)
    await sleep(10)
  }
}
