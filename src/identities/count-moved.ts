import type { Work } from '../jobs/work.ts'

export interface UserCounts { usersNew: number; usersJoined: number; usersSplit: number }

/**
 * What a run made of users, by the rows that were there before it and still are:
 * - users new: users after the run of which no row was there before. New rows that joined each other are one new user, one
 *   that joined a known user is none.
 * - users joined: users that were there before and were merged into another of them: of three that became one, two.
 * - users split: users that a user from before was parted into, but for one: of one that became three, two.
 * A user that only changed its ID, because the row that gave it went or came back, is neither.
 *
 * Only rows of `moved` have to be looked at: the row whose number is the user ID belongs to every user, so among rows that
 * kept their user it stands for all the others.
 */
export async function countMoved(work: Work, deltaTable: string | null): Promise<UserCounts> {
  const arrived = deltaTable ? `(select row_number from ${deltaTable} where op = 'new')` : '(select null::bigint as row_number where false)'
  const gone = deltaTable ? 'gone' : '(select null::bigint as row_number where false)'
  await work.run(`create temp table moved_known on commit drop as select m.* from moved m left join ${arrived} a on a.row_number = m.row_number where a.row_number is null`)
  await work.run('analyze moved_known')
  const [counts] = await work.rows<{ fresh: string; joined: string; split: string }>(`select
    (select count(*) from ${arrived} a) - (select count(*) from moved) + (select count(*) from moved_known)
      - (select count(*) from (select distinct new_user from moved_known) u join ${arrived} a on a.row_number = u.new_user) as fresh,
    (select coalesce(sum(users - case when m.row_number is null and a.row_number is null then 0 else 1 end), 0) from (select new_user, count(distinct old_user) as users from moved_known group by 1) u
      left join moved m on m.row_number = u.new_user left join ${arrived} a on a.row_number = u.new_user) as joined,
    (select coalesce(sum(users - case when m.row_number is null and g.row_number is null then 0 else 1 end), 0) from (select old_user, count(distinct new_user) as users from moved_known group by 1) u
      left join moved m on m.row_number = u.old_user left join ${gone} g on g.row_number = u.old_user) as split`)
  return { usersNew: Number(counts?.fresh), usersJoined: Number(counts?.joined), usersSplit: Number(counts?.split) }
}
