import type { CatalogSource } from '../../catalog/catalog.ts'
import type { Work } from '../../jobs/work.ts'
import { userRows } from '../../projection/effective-sql.ts'

/**
 * Ends the decisions that stand until the next import: those made before the run began, of users of whom any row in its
 * file was accepted, changed or not, with a value for the tag. Leaves their users in `ended_users` and answers how many
 * decisions ended. Expects the rows stored and mapped;
 * `acceptedKeys` is SQL (source_key) of the accepted rows.
 */
export async function endDecisions(work: Work, run: { id: number; startedAt: string }, source: CatalogSource, acceptedKeys: string): Promise<number> {
  await work.run('create temp table ended_users (user_id bigint) on commit drop')
  const waiting = await work.run(`create temp table ending on commit drop as
    select o.id, o.column_id, case when r.row_number is null then coalesce(a.user_id, o.row_number) else user_of(o.row_number) end as user_id
    from overrides o left join row_aliases a on a.row_number = o.row_number left join removed_rows r on r.row_number = o.row_number
    where o.source_id = $1 and o.policy = 'until_import' and o.undone_by is null and o.ended_by_run is null and o.set_at < $2::timestamptz`, [source.id, run.startedAt])
  const columns = source.columns.filter((column) => column.kind === 'tag')
  if (waiting === 0 || columns.length === 0) return 0
  await work.run('analyze ending')
  const filled = columns.map((column) => `when ${column.id} then r.${column.column} is not null`).join(' ')
  await work.run(`create temp table ended on commit drop as select distinct e.id, e.user_id from ending e join ${userRows(source, '(select distinct user_id from ending where user_id is not null)')} r on r.user_id = e.user_id
    where case e.column_id ${filled} else false end and exists (select from ${acceptedKeys} k where k.source_key = r.source_key)`)
  const ended = await work.run('update overrides o set ended_by_run = $1 from ended e where e.id = o.id', [run.id])
  await work.run('insert into ended_users select distinct user_id from ended; analyze ended_users')
  return ended
}
