import type { Work } from '../jobs/work.ts'
import type { RefusedValue } from './join-links.ts'
import { permittedSql, type MappingSettings } from './mapping-settings.ts'

/**
 * Keeps the list of values that join nobody, for review: refused by a single value, shared by too many, placeholders.
 * Answers how many are refused by a single value that were not before.
 */
export async function recordRefused(work: Work, settings: MappingSettings, ids: string, refused: RefusedValue[], everything: boolean): Promise<number> {
  await work.run('create temp table refused_now (id_type smallint, match_key uuid, reason text, conflict_type smallint, row_count bigint) on commit drop')
  await work.run(`insert into refused_now select t, k, 'single_conflict', c, n from unnest($1::smallint[], $2::uuid[], $3::smallint[], $4::bigint[]) as r (t, k, c, n)`,
    [refused.map((one) => one.idType), refused.map((one) => one.matchKey), refused.map((one) => one.conflictType), refused.map((one) => one.rows)])
  if (everything) {
    await work.run(`insert into refused_now select id_type, match_key, 'shared', null, rows from shared s where rows > ${settings.overSharedLimit} and not ${permittedSql(settings, 's')}`)
    await work.run(`insert into refused_now select i.id_type, i.match_key, 'placeholder', null, count(distinct i.row_number) from ${ids} i join unusable u on u.match_key = i.match_key and u.id_type = i.id_type and u.placeholder group by 1, 2`)
    await work.run('delete from refused_joins r where not exists (select from refused_now n where n.id_type = r.id_type and n.match_key = r.match_key)')
  } else {
    // Only values of touched rows, and those that rows of the delta had before, can have changed.
    await work.run(`create temp table scope_keys on commit drop as
      select distinct id_type, match_key from (select i.id_type, i.match_key from touched t join lateral (select * from ${ids} i where i.row_number = t.row_number) i on true union all select id_type, match_key from old_keys) k`)
    await work.run('analyze scope_keys')
    await work.run(`insert into refused_now
      select k.id_type, k.match_key, case when p.placeholder then 'placeholder' else 'shared' end, null, n.rows from scope_keys k
      left join lateral (select true as placeholder from unusable u where u.match_key = k.match_key and u.id_type = k.id_type and u.placeholder limit 1) p on true
      cross join lateral (select count(distinct i.row_number) as rows from ${ids} i where i.match_key = k.match_key and i.id_type = k.id_type) n
      where (p.placeholder and n.rows > 0) or (p.placeholder is null and n.rows > ${settings.overSharedLimit} and not ${permittedSql(settings, 'k')} and not exists (select from unusable u where u.match_key = k.match_key and u.id_type = k.id_type))`)
    await work.run(`delete from refused_joins r using scope_keys k where k.id_type = r.id_type and k.match_key = r.match_key and not exists (select from refused_now n where n.id_type = r.id_type and n.match_key = r.match_key)`)
  }
  const [fresh] = await work.rows<{ count: string }>(`select count(*) from refused_now n where n.reason = 'single_conflict' and not exists (select from refused_joins r where r.id_type = n.id_type and r.match_key = n.match_key and r.reason = 'single_conflict')`)
  await work.run(`insert into refused_joins (id_type, match_key, reason, conflict_type, row_count) select distinct on (id_type, match_key) id_type, match_key, reason, conflict_type, row_count from refused_now
    on conflict (id_type, match_key) do update set reason = excluded.reason, conflict_type = excluded.conflict_type, row_count = excluded.row_count`)
  return Number(fresh?.count)
}
