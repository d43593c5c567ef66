import type { Db } from '../../db/database.ts'
import { NotFound } from '../../problem.ts'
import type { Writer } from '../../projection/in-place.ts'

export interface Selection { id: string; operatorId: number; query: string | null; users: number; entryId: string | null; jobId: number | null }

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

/** The users of a choice as they are now (some may have been joined meanwhile), in the table chosen_users. Answers how many. */
export async function takeSelected(writer: Writer, selectionId: string): Promise<number> {
  const users = await writer.run(`create temp table chosen_users on commit drop as
    select distinct p.user_id from (select case when r.row_number is null then coalesce(a.user_id, s.user_id) else user_of(s.user_id) end as user_id
      from selected_users s left join row_aliases a on a.row_number = s.user_id left join removed_rows r on r.row_number = s.user_id where s.selection_id = '${selectionId.replaceAll("'", '')}') c
    join ${writer.catalog.usersTable} p on p.user_id = c.user_id`)
  await writer.run('create unique index on chosen_users (user_id); analyze chosen_users')
  return users
}

/** Choices that nobody used, and those that were used, are of no interest after a day. */
export async function deleteOldSelections(db: Db): Promise<void> {
  await db.deleteFrom('selections').where('created_at', '<', new Date(Date.now() - 86_400_000)).execute()
}
