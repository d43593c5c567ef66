import { sql } from 'kysely'
import type { VisibleSource } from '../../access/access.ts'
import { inlineValues } from '../../db/inline-values.ts'
import type { Sql } from '../../db/sql.ts'
import type { Work } from '../../jobs/work.ts'
import type { IdKey } from '../../users/queries/identity.ts'
import { passesRow } from '../../users/queries/row-condition.ts'
import type { Scope } from '../../users/queries/scope.ts'
import type { IdCounts } from '../audience.ts'

/** Values of a file with every way each may be stored; `value` is the first of these and stands for it. */
export async function beginIds(work: Work): Promise<void> {
  await work.run('create temp table given_ids (value uuid, id_type smallint, match_key uuid) on commit drop')
}

export async function insertIds(work: Work, values: readonly (readonly IdKey[])[]): Promise<void> {
  const all = values.flatMap((keys) => keys.map((key) => ({ ...key, value: keys[0]!.key })))
  await work.run('insert into given_ids select * from unnest($1::uuid[], $2::smallint[], $3::uuid[])', [all.map((one) => one.value), all.map((one) => one.idType), all.map((one) => one.key)])
}

/** SQL (user_id): whom exactly one of the values means, as far as the owner sees the IDs; and how many values were found, not found, or in several users. */
export async function findIds(work: Work, scope: Scope, idType: string): Promise<{ users: Sql; ids: IdCounts }> {
  await work.run('analyze given_ids')
  // A SHA256 value whose plain value is in the data stands under the key of the plain one.
  await work.run('insert into given_ids select distinct g.value, p.id_type, p.match_key from given_ids g join plain_hashes p on p.id_type = g.id_type and p.sha_key = g.match_key')
  const ways = scope.access.sources.flatMap((source) => inSource(scope, source, idType))
  const found = ways.length ? sql`${sql.join(ways, sql` union `)}` : sql`select null::uuid as value, null::bigint as user_id where false`
  await work.run(`create temp table found_ids on commit drop as select value, min(user_id) as user_id, count(*) as users from (${inlineValues(found)}) f group by value`)
  const [counted] = await work.rows<{ found: string; ambiguous: string; all: string }>('select (select count(*) from found_ids where users = 1) as found, (select count(*) from found_ids where users > 1) as ambiguous, (select count(distinct value) from given_ids) as "all"')
  const ids = { found: Number(counted?.found), ambiguous: Number(counted?.ambiguous), missing: Number(counted?.all) - Number(counted?.found) - Number(counted?.ambiguous) }
  return { users: sql`select distinct user_id from found_ids where users = 1`, ids }
}

/** Masked columns are not searched, and rows that the owner does not see are as if absent. */
function inSource(scope: Scope, source: VisibleSource, idType: string): Sql[] {
  const columns = source.columns.filter((column) => column.kind === 'id' && !column.masked && column.idType === idType).map((column) => column.id)
  if (!source.identitiesTable || columns.length === 0) return []
  const passing = source.rowCondition ? sql`where exists (select from ${sql.table(source.rowsTable!)} r join ${sql.table(scope.access.usersTable)} u on u.user_id = coalesce(a.user_id, i.row_number) where r.row_number = i.row_number and ${passesRow(scope, source)})` : sql``
  return [sql`select g.value, coalesce(a.user_id, i.row_number) as user_id from given_ids g
    join ${sql.table(source.identitiesTable)} i on i.match_key = g.match_key and i.id_type = g.id_type and i.column_id = any (${columns}::int[])
    left join row_aliases a on a.row_number = i.row_number ${passing}`]
}
