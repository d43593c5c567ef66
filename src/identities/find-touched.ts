import type { Work } from '../jobs/work.ts'
import { permittedSql, type MappingSettings } from './mapping-settings.ts'

/**
 * Which rows can change their user because of a delta? Its own rows; the rows that share a value with them now or did
 * before, unless that value is shared by too many both before and after and was not allowed all the same; and everything connected with those. Leaves
 * them in `touched`.
 */
export async function findTouched(work: Work, settings: MappingSettings, ids: string, deltaTable: string): Promise<void> {
  const usable = 'not exists (select from unusable u where u.match_key = k.match_key and u.id_type = k.id_type)'
  await work.run('create temp table touched (row_number bigint primary key) on commit drop')
  await work.run('create temp table fresh (row_number bigint primary key) on commit drop')
  await work.run(`insert into fresh select row_number from ${deltaTable} where op <> 'removed' union select row_number from extra_touched`)
  await work.run(`create temp table seed_keys on commit drop as
    select k.id_type, k.match_key, sum(now)::bigint - sum(before)::bigint as more from (
      select i.id_type, i.match_key, 1 as now, 0 as before from fresh f join lateral (select * from ${ids} i where i.row_number = f.row_number) i on true
      union all select o.id_type, o.match_key, 0, 1 from old_keys o
    ) k where ${usable} group by 1, 2`)
  const limit = settings.overSharedLimit
  // Counting stops where the answer cannot change any more.
  await work.run(`create temp table live_keys on commit drop as
    select k.id_type, k.match_key from seed_keys k
    cross join lateral (select count(*) as now from (select from ${ids} i where i.match_key = k.match_key and i.id_type = k.id_type limit ${limit} + greatest(k.more, 0) + 1) c) n
    where n.now <= ${limit} or n.now - k.more <= ${limit} or ${permittedSql(settings, 'k')}`)
  await work.run(`insert into fresh select distinct i.row_number from live_keys k join lateral (select i.row_number from ${ids} i where i.match_key = k.match_key and i.id_type = k.id_type) i on true on conflict do nothing`)
  for (;;) {
    await work.run('analyze fresh')
    const found = await work.run('insert into touched select row_number from fresh on conflict do nothing')
    if (found === 0) break
    await work.run(`create temp table next_fresh on commit drop as
      select distinct n.row_number from fresh f
      join lateral (select k.*, ${permittedSql(settings, 'k')} as permitted from ${ids} k where k.row_number = f.row_number and ${usable}) k on true
      join lateral (select i.row_number, count(*) over () as rows from (select i.row_number from ${ids} i where i.match_key = k.match_key and i.id_type = k.id_type limit case when k.permitted then null else ${limit} + 1 end) i) n on n.rows <= ${limit} or k.permitted
      where not exists (select from touched t where t.row_number = n.row_number)`)
    await work.run('truncate fresh; insert into fresh select row_number from next_fresh; drop table next_fresh')
  }
  await work.run('analyze touched')
}
