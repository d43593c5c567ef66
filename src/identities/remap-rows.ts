import type { Work } from '../jobs/work.ts'
import { countMoved, type UserCounts } from './count-moved.ts'
import { findTouched } from './find-touched.ts'
import { joinLinks } from './join-links.ts'
import type { MappingException, MappingSettings } from './mapping-settings.ts'
import { identityColumns } from './match-keys.ts'
import { placeholderKeys } from './placeholders.ts'
import { recordRefused } from './record-refused.ts'

export interface MappingOutcome extends UserCounts { joinsRefused: number }

/** Which identities count: of enabled types that take part, of every source. */
export function participating(work: Work, settings: MappingSettings): string {
  const types = settings.idTypes.filter((type) => type.enabled && type.mapping).map((type) => type.id)
  const tables = work.catalog.sources.flatMap((source) => (source.identitiesTable && types.length
    ? [`select id_type, match_key, row_number from ${source.identitiesTable} where id_type in (${types.join(', ')})`] : []))
  return tables.length ? `(${tables.join(' union all ')})` : '(select null::smallint as id_type, null::uuid as match_key, null::bigint as row_number where false)'
}

/**
 * Layer 2: gives every row its user anew, for all rows or only for the components that a delta touches; both give the same
 * partition. A delta is `identity_delta`, and comes with `old_keys` (store-identities.ts); others give their own. Leaves `moved` (row_number, old_user,
 * new_user) in the transaction and has row_aliases and removed_rows written.
 */
export async function remapRows(work: Work, settings: MappingSettings, delta: { table: string; sourceId: number; runId: number | null; reason: string } | null, everything: boolean): Promise<MappingOutcome> {
  const ids = participating(work, settings)
  const exceptions = await withResolved(work, settings.exceptions)
  await prepareUnusable(work, { ...settings, exceptions })
  if (!everything && delta) await findTouched(work, settings, ids, delta.table)
  await prepareShared(work, ids, settings.overSharedLimit, everything)
  const { refused } = await joinLinks(work, { ...settings, exceptions }, ids)
  await work.run('create temp table moved (row_number bigint, old_user bigint, new_user bigint) on commit drop')
  if (delta) await followRemoved(work, delta)
  const scope = everything
    ? `(select coalesce(l.row_number, a.row_number) as row_number, a.user_id as old_user, l.user_id as new_user from linked l full join row_aliases a on a.row_number = l.row_number)`
    : `(select t.row_number, a.user_id as old_user, l.user_id as new_user from touched t left join row_aliases a on a.row_number = t.row_number left join linked l on l.row_number = t.row_number)`
  await work.run(`insert into moved select row_number, coalesce(old_user, row_number), coalesce(new_user, row_number) from ${scope} s where coalesce(old_user, row_number) <> coalesce(new_user, row_number)`)
  await work.run('analyze moved')
  const counts = await countMoved(work, delta?.table ?? null)
  await work.run('delete from row_aliases a using moved m where m.row_number = a.row_number')
  await work.run('insert into row_aliases select row_number, new_user from moved where new_user <> row_number')
  const joinsRefused = await recordRefused(work, settings, ids, refused, everything)
  return { ...counts, joinsRefused }
}

/** An exception made for a SHA256 value goes on counting for it once its plain value is known, which gives it another key (resolve-hashes.ts). */
async function withResolved(work: Work, exceptions: readonly MappingException[]): Promise<MappingException[]> {
  if (exceptions.length === 0) return []
  const resolved = await work.rows<{ idType: number; shaKey: string; matchKey: string }>(`select h.id_type as "idType", h.sha_key as "shaKey", h.match_key as "matchKey" from plain_hashes h
    join unnest($1::smallint[], $2::uuid[]) e (id_type, match_key) on e.id_type = h.id_type and e.match_key = h.sha_key`, [exceptions.map((one) => one.idType), exceptions.map((one) => one.matchKey)])
  return [...exceptions, ...resolved.map((one) => ({ idType: one.idType, matchKey: one.matchKey, kind: exceptions.find((given) => given.idType === one.idType && given.matchKey === one.shaKey)!.kind }))]
}

/** Placeholders and values that an administrator excluded never join anybody; those that were allowed do, however many share them. */
async function prepareUnusable(work: Work, settings: MappingSettings): Promise<void> {
  await work.run('create temp table unusable (id_type smallint, match_key uuid, placeholder boolean) on commit drop')
  const types = settings.idTypes.map((type) => type.id)
  await work.run('insert into unusable select t, k, true from unnest($1::uuid[]) k cross join unnest($2::smallint[]) t', [placeholderKeys(settings.placeholders), types])
  const excluded = settings.exceptions.filter((exception) => exception.kind === 'exclude')
  await work.run('insert into unusable select t, k, false from unnest($1::smallint[], $2::uuid[]) as e (t, k)', [excluded.map((one) => one.idType), excluded.map((one) => one.matchKey)])
  const allowed = settings.exceptions.filter((exception) => exception.kind === 'allow')
  await work.run('create temp table permitted (id_type smallint, match_key uuid) on commit drop')
  if (allowed.length) {
    await work.run('insert into permitted select distinct t, k from unnest($1::smallint[], $2::uuid[]) as e (t, k)', [allowed.map((one) => one.idType), allowed.map((one) => one.matchKey)])
    await work.run('delete from unusable u using permitted p where u.placeholder and p.match_key = u.match_key and p.id_type = u.id_type')
  }
  await work.run('create index on permitted (match_key, id_type); analyze permitted')
  await work.run('create index on unusable (match_key, id_type); analyze unusable')
}

/** Which values stand in more than one row? Only they can join. Beyond the limit the exact number is of no interest here. */
async function prepareShared(work: Work, ids: string, limit: number, everything: boolean): Promise<void> {
  const doubled = work.catalog.sources.some((source) => new Set(source.columns.filter((column) => column.kind === 'id').map((column) => column.idType)).size < source.columns.filter((column) => column.kind === 'id').length)
  const usable = 'not exists (select from unusable u where u.match_key = i.match_key and u.id_type = i.id_type)'
  await work.run(everything
    ? `create temp table shared on commit drop as select i.id_type, i.match_key, count(*) as rows from ${ids} i where ${usable}${unshared(work)} group by 1, 2 having count(*) > 1`
    : `create temp table shared on commit drop as select k.id_type, k.match_key, n.rows from (
         select i.id_type, i.match_key from touched t join lateral (select * from ${ids} i where i.row_number = t.row_number) i on true where ${usable} group by 1, 2) k
       cross join lateral (select count(distinct c.row_number) as rows from (select i.row_number from ${ids} i where i.match_key = k.match_key and i.id_type = k.id_type limit ${limit * 5 + 1}) c) n where n.rows > 1`)
  // Two columns of one row may hold the same value: only rows count.
  if (everything && doubled) await work.run(`update shared s set rows = n.rows from (select i.id_type, i.match_key, count(distinct i.row_number) as rows from ${ids} i join shared x on x.match_key = i.match_key and x.id_type = i.id_type group by 1, 2) n where n.id_type = s.id_type and n.match_key = s.match_key`)
  await work.run('delete from shared where rows < 2')
  await work.run('create index on shared (match_key, id_type); analyze shared')
}

/** Types whose only column is the key of one source: every value stands in one row, which need not be counted. */
function unshared(work: Work): string {
  const columns = work.catalog.sources.flatMap((source) => (source.identitiesTable ? identityColumns(source, work.catalog.idTypes).map((found) => ({ ...found, source })) : []))
  const lone = columns.filter(({ column, type, source }) => column.name === source.keyColumn && column.encryption === 'unencrypted' && !['MOBILE', 'EMAIL'].includes(type.code)
    && columns.filter((other) => other.type.id === type.id).length === 1)
  return lone.length ? ` and i.id_type not in (${lone.map(({ type }) => type.id).join(', ')})` : ''
}

/** The number of a removed row stays with the smallest-numbered remaining row of its last user. */
async function followRemoved(work: Work, delta: { table: string; sourceId: number; runId: number | null; reason: string }): Promise<void> {
  await work.run(`create temp table gone on commit drop as select d.row_number, coalesce(a.user_id, d.row_number) as user_id from ${delta.table} d left join row_aliases a on a.row_number = d.row_number where d.op = 'removed'`)
  await work.run('create index on gone (row_number); create index on gone (user_id); analyze gone')
  await work.run(`update removed_rows r set anchor = f.anchor, reason = $1, run_id = $2 from (
      select g.row_number, (
        select min(n) from (
          select g.user_id as n where not exists (select from gone x where x.row_number = g.user_id)
          union all
          select a.row_number from row_aliases a where a.user_id = g.user_id and not exists (select from gone x where x.row_number = a.row_number)
        ) m) as anchor
      from gone g) f where f.row_number = r.row_number`, [delta.reason, delta.runId])
  // Their users change or end: the projection must see both.
  await work.run('delete from row_aliases a using gone g where g.row_number = a.row_number')
}
