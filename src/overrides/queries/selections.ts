import { sql, type Transaction } from 'kysely'
import type { Database, Db } from '../../db/database.ts'
import type { Sql } from '../../db/sql.ts'
import { NotFound } from '../../problem.ts'
import type { Writer } from '../../projection/in-place.ts'

export interface Selection { id: string; operatorId: number; query: string | null; users: number; entryId: string | null; jobId: number | null }

/** Freezes a choice: the users of a select (user_id), each once, as they are now. `query` is the address they were found by; null for ticked ones. */
export async function insertSelection(trx: Transaction<Database>, by: { operatorId: number; query: string | null }, users: Sql): Promise<Selection> {
  const { id } = await trx.insertInto('selections').values({ operator_id: by.operatorId, query: by.query }).returning('id').executeTakeFirstOrThrow()
  // Neighbours share a piece, so that unnesting them gives users nearly in the order of tables.
  const { rows: [found] } = await sql<{ users: string }>`
    with parts as (insert into selected_users (selection_id, part, user_ids) select ${id}::uuid, u.user_id / 65536, array_agg(u.user_id) from (${users}) u group by 2 returning cardinality(user_ids) as users)
    select coalesce(sum(users), 0) as users from parts`.execute(trx)
  await trx.updateTable('selections').set({ users: found?.users ?? '0' }).where('id', '=', id).execute()
  return { id, ...by, users: Number(found?.users ?? 0), entryId: null, jobId: null }
}

/** A choice of users of this operator; those of others are as if they were not there. */
export async function getSelection(db: Db, id: string, operatorId: number): Promise<Selection> {
  const row = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? await db.selectFrom('selections').selectAll().where('id', '=', id).where('operator_id', '=', operatorId).executeTakeFirst() : undefined
  if (!row) throw new NotFound('These users were chosen too long ago, or by somebody else. Tick them again.')
  return { id: row.id, operatorId: row.operator_id, query: row.query, users: Number(row.users), entryId: row.entry_id, jobId: row.job_id }
}

/** Says that the choice was used, by an entry or a job; false where it was before. */
export async function setSelectionUsed(db: Db, id: string, by: { entryId: string } | { jobId: number }): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('selections').set('entryId' in by ? { entry_id: by.entryId } : { job_id: by.jobId }).where('id', '=', id).where('entry_id', 'is', null).where('job_id', 'is', null).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** SQL (user_id): the users of a choice as they are now; some may have been joined since, or be gone. `every`: about one in so many of them. */
export function selectedUsers(selectionId: string, usersTable: string, every = 1): string {
  if (!/^[0-9a-f-]{36}$/.test(selectionId)) throw new Error('a choice is named by a UUID')
  return `(select distinct p.user_id from (select case when r.row_number is null then coalesce(a.user_id, s.user_id) else user_of(s.user_id) end as user_id
      from (select unnest(user_ids) as user_id from selected_users where selection_id = '${selectionId}') s left join row_aliases a on a.row_number = s.user_id left join removed_rows r on r.row_number = s.user_id${every > 1 ? ` where hashint8(s.user_id) % ${every} = 0` : ''}) c
    join ${usersTable} p on p.user_id = c.user_id)`
}

/** The users of a choice, in the table chosen_users. Answers how many. */
export async function takeSelected(writer: Writer, selectionId: string): Promise<number> {
  const users = await writer.run(`create temp table chosen_users on commit drop as select user_id from ${selectedUsers(selectionId, writer.catalog.usersTable)} c`)
  await writer.run('create unique index on chosen_users (user_id); analyze chosen_users')
  return users
}

/** The IDs of the users of a choice: for those few that are done at once. */
export async function listSelected(db: Db, selectionId: string, usersTable: string): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`select user_id from ${sql.raw(selectedUsers(selectionId, usersTable))} c`.execute(db)
  return rows.map((row) => row.user_id)
}

/** Choices that nobody used, and those that were used, are of no interest after a day; but for those of a job that still waits. */
export async function deleteOldSelections(db: Db): Promise<void> {
  await sql`delete from selections s where created_at < now() - interval '1 day' and not exists (select from jobs j where j.id = s.job_id and j.status in ('waiting', 'running'))`.execute(db)
}
