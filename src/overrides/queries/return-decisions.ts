import type { Work } from '../../jobs/work.ts'

/**
 * Decisions that a run ended count again, unless a later one was made about the same (the log tells). Leaves their users
 * in `ended_users`, as endDecisions does, and answers how many decisions returned.
 */
export async function returnDecisions(work: Work, runId: number): Promise<number> {
  await work.run('create temp table ended_users (user_id bigint) on commit drop; create temp table returned (row_number bigint) on commit drop')
  const returned = await work.run(`with back as (update overrides set ended_by_run = null, changed = nextval('override_changes') where ended_by_run = $1 returning row_number) insert into returned select row_number from back`, [runId])
  await work.run(`insert into ended_users select distinct user_id from (
      select case when r.row_number is null then coalesce(a.user_id, o.row_number) else user_of(o.row_number) end as user_id
      from returned o left join row_aliases a on a.row_number = o.row_number left join removed_rows r on r.row_number = o.row_number) u where user_id is not null;
    analyze ended_users`)
  return returned
}
