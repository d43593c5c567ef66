import { sql, type Transaction } from 'kysely'
import type { Database, Db } from '../../db/database.ts'
import type { Sql } from '../../db/sql.ts'
import type { Change } from '../document.ts'

/** Users who are sent together; its number names it for good. */
export interface Batch { number: number; change: Change; userIds: string[] }

export interface Failure { userId: string; reason: string }

/** SQL (user_id): whom the destination of a push has already. */
export function pushedUsers(pushId: number): Sql {
  return sql`select user_id from pushed_users where push_id = ${pushId}`
}

/** SQL (user_id): users of a run whom the destination refused, and whom no other run sends again. */
export function failedUsers(runId: number, left: boolean): Sql {
  return sql`select user_id from push_failures where run_id = ${runId} and again_run is null and (change = 'left') = ${left}`
}

/** Freezes users (user_id) in batches behind those that a run has already, in the order of their IDs. Answers how many they are. */
export async function insertBatches(trx: Transaction<Database>, runId: number, size: number, change: Change, users: Sql): Promise<number> {
  const { rows } = await sql<{ users: string }>`
    with last as (select coalesce(max(number), 0) as number from push_batches where run_id = ${runId}),
    made as (
      insert into push_batches (run_id, number, change, user_ids)
      select ${runId}, last.number + 1 + x.n / ${size}::int, ${change}, array_agg(x.user_id order by x.user_id)
      from last, (select q.user_id, (row_number() over (order by q.user_id) - 1)::int as n from (${users}) q) x group by 2
      returning cardinality(user_ids) as users)
    select coalesce(sum(users), 0) as users from made`.execute(trx)
  return Number(rows[0]?.users ?? 0)
}

export async function setRunTotal(trx: Transaction<Database>, runId: number, total: number): Promise<void> {
  await trx.updateTable('push_runs').set({ total: String(total) }).where('id', '=', runId).execute()
}

/** The next batches of a run behind a number, as far as they change alike. */
export async function listBatches(db: Db, runId: number, after: number, limit: number): Promise<Batch[]> {
  const rows = await db.selectFrom('push_batches').select(['number', 'change', 'user_ids']).where('run_id', '=', runId).where('number', '>', after).orderBy('number').limit(limit).execute()
  const batches = rows.map((row): Batch => ({ number: row.number, change: row.change, userIds: row.user_ids }))
  const other = batches.findIndex(({ change }) => change !== batches[0]!.change)
  return other < 0 ? batches : batches.slice(0, other)
}

export interface Acknowledged { sent: string[]; failures: Failure[]; leftOut: number; counts: Record<string, number> }

/** Records what became of a batch, in one statement and so all at once; it is not sent again. `counts` are those of the whole run. */
export async function setBatchDone(db: Db, run: { id: number; pushId: number; keepsSent: boolean }, { number, change }: Batch, { sent, failures, leftOut, counts }: Acknowledged): Promise<void> {
  const kept = !run.keepsSent || sent.length === 0 ? sql``
    : change === 'left' ? sql`, kept as (delete from pushed_users where push_id = ${run.pushId} and user_id = any (${sent}::bigint[]))`
      : sql`, kept as (insert into pushed_users (push_id, user_id) select ${run.pushId}, unnest(${sent}::bigint[]) on conflict do nothing)`
  const failed = failures.length === 0 ? sql`` : sql`, failed as (
    insert into push_failures (run_id, user_id, change, reason) select ${run.id}, f.user_id, ${change}, f.reason
    from unnest(${failures.map(({ userId }) => userId)}::bigint[], ${failures.map(({ reason }) => reason)}::text[]) f (user_id, reason) on conflict (run_id, user_id) do update set reason = excluded.reason)`
  await sql`
    with done as (delete from push_batches where run_id = ${run.id} and number = ${number}) ${kept} ${failed}
    update push_runs set sent = sent + ${sent.length}, refused = refused + ${failures.length}, left_out = left_out + ${leftOut}, counts = ${JSON.stringify(counts)} where id = ${run.id}`.execute(db)
}

/** Whom a run has still to send is forgotten: it cannot be continued any more. `exceptRun`: the same of all runs of the push but this one. */
export async function deleteBatches(db: Db, which: { runId: number } | { pushId: number; exceptRun: number }): Promise<void> {
  if ('runId' in which) await db.deleteFrom('push_batches').where('run_id', '=', which.runId).execute()
  else await db.deleteFrom('push_batches').where('run_id', 'in', db.selectFrom('push_runs').select('id').where('push_id', '=', which.pushId).where('id', '<>', which.exceptRun)).execute()
}

/** Failed users of a run are sent again by another. */
export async function setFailuresAgain(trx: Transaction<Database>, runId: number, byRun: number): Promise<void> {
  await trx.updateTable('push_failures').set({ again_run: byRun }).where('run_id', '=', runId).where('again_run', 'is', null).execute()
}
