import type { CatalogSource } from '../../catalog/catalog.ts'
import { digestSql } from '../../identities/erased-values.ts'
import { placeholderKeys } from '../../identities/placeholders.ts'
import type { Work } from '../../jobs/work.ts'
import { takeProjection } from '../../projection/lock.ts'

/** Temp table erased_rows (row_number): every number of the person, those of rows that are gone included. Answers whether there are any. */
export async function findNumbers(work: Work, erasure: { id: number; userId: string }): Promise<number> {
  await work.run(`create temp table erased_rows on commit drop as select distinct n as row_number from (
    select unnest(numbers) as n from erasures where id = $1::int
    union select * from (
      with recursive held (n) as (
        select n from (select $2::bigint as n where user_of($2::bigint) = $2::bigint union select a.row_number from row_aliases a where a.user_id = $2::bigint) l
        union select r.row_number from held join removed_rows r on r.anchor = held.n
      ) select n from held) h) x where n is not null`, [erasure.id, erasure.userId])
  await work.run('create unique index on erased_rows (row_number); analyze erased_rows')
  return work.run('update erasures set numbers = (select array_agg(row_number) from erased_rows) where id = $1', [erasure.id])
}

/**
 * Keeps what an import needs to leave the person out: their source keys, and identifying values that no other row has,
 * placeholders apart. What somebody shares with others would shut them out as well.
 */
export async function keepDigests(work: Work, erasureId: number, placeholders: readonly string[]): Promise<void> {
  const insert = 'insert into erased_values (kind, scope, digest, erasure_id)'
  for (const source of work.catalog.sources) {
    if (!source.rowsTable) continue
    await work.run(`${insert} select 'key', ${source.id}, ${digestSql('r.source_key')}, ${erasureId} from ${source.rowsTable} r join erased_rows e on e.row_number = r.row_number on conflict do nothing`)
  }
  await work.run(`${insert} select 'key', g.source_id, ${digestSql('g.source_key')}, ${erasureId} from removed_rows g join erased_rows e on e.row_number = g.row_number on conflict do nothing`)
  const tables = work.catalog.sources.flatMap((source) => (source.identitiesTable ? [`select id_type, match_key, row_number from ${source.identitiesTable}`] : []))
  if (tables.length === 0) return
  const all = `(${tables.join(' union all ')})`
  await work.run(`create temp table erased_keys on commit drop as
    select distinct i.id_type, i.match_key from ${all} i join erased_rows e on e.row_number = i.row_number where i.match_key <> all ($1::uuid[])`, [placeholderKeys(placeholders)])
  await work.run(`delete from erased_keys k where exists (select from ${all} i where i.id_type = k.id_type and i.match_key = k.match_key and not exists (select from erased_rows e where e.row_number = i.row_number))`)
  // A hashed value of theirs is the same person as the plain one.
  await work.run('insert into erased_keys select k.id_type, h.sha_key from erased_keys k join plain_hashes h on h.id_type = k.id_type and h.match_key = k.match_key')
  await work.run(`${insert} select 'id', id_type, ${digestSql('match_key::text')}, ${erasureId} from erased_keys on conflict do nothing`)
  await work.run('delete from mapping_acts a using erased_keys k where k.id_type = a.id_type and k.match_key = a.match_key')
  await work.run('delete from mapping_exceptions x using erased_keys k where k.id_type = x.id_type and k.match_key = x.match_key')
}

/** Rejected rows in which an ID or a source key of the person is a cell of its own; a longer value wherever it stands. */
export async function deleteRejectedOf(work: Work): Promise<void> {
  const values = valuesOf(work)
  if (values.length === 0) return
  await work.run(`delete from rejected_rows x using (${values.join(' union ')}) v where v.value is not null and (
    position(',' || v.value || ',' in ',' || x.content || ',') > 0 or (length(v.value) >= 6 and (position(v.value in x.content) > 0 or position(v.value in x.detail) > 0)))`)
}

/** IDs of the person in the rules of audiences, which may list them one by one. */
export async function deleteFromRules(work: Work): Promise<void> {
  const values = valuesOf(work)
  if (values.length === 0) return
  for (const { value } of await work.rows<{ value: string }>(`select distinct to_jsonb(v.value)::text as value from (${values.join(' union ')}) v where v.value is not null`)) {
    await work.run(`update audiences set rules = replace(rules::text, $1, '"erased"')::jsonb where position($1 in rules::text) > 0`, [value])
  }
}

/** SQL statements (value): source keys and IDs of the person. */
function valuesOf(work: Work): string[] {
  return work.catalog.sources.flatMap((source) => (source.rowsTable ? [
    `select r.source_key as value from ${source.rowsTable} r join erased_rows e on e.row_number = r.row_number`,
    ...source.columns.filter((column) => column.kind === 'id').map((column) => `select r.${column.column} from ${source.rowsTable} r join erased_rows e on e.row_number = r.row_number`)
  ] : []))
}

/** Rows of the person in what undo of runs keeps. */
export async function deleteKeptRows(work: Work): Promise<void> {
  for (const { table } of await work.rows<{ table: string }>('select before_table as "table" from import_runs where before_table is not null')) {
    await work.run(`delete from ${table} b using erased_rows e where e.row_number = b.row_number`)
  }
  await work.run('delete from returned_rows b using erased_rows e where e.row_number = b.row_number or e.row_number = b.anchor')
}

/** Layer 1 of one source without the person. Leaves `delta` for the steps that follow. Answers how many rows went. */
export async function deleteRows(work: Work, source: CatalogSource): Promise<number> {
  await work.run(`create temp table delta on commit drop as select 'removed' as op, r.row_number from ${source.rowsTable} r join erased_rows e on e.row_number = r.row_number`)
  await work.run('create unique index on delta (row_number); analyze delta')
  return work.run(`delete from ${source.rowsTable} r using delta d where d.row_number = r.row_number`)
}

/** Decisions about the person: before the rows go, so that none of them is shown for a user without rows. */
export async function deleteDecisions(work: Work): Promise<void> {
  await work.run('delete from override_drift f using overrides o, erased_rows e where o.id = f.override_id and o.row_number = e.row_number')
  await work.run('delete from overrides o using erased_rows e where e.row_number = o.row_number')
}

/** History, choices and numbers: what is left of the person once no row is. */
export async function deleteTraces(work: Work): Promise<void> {
  await work.run('delete from history_items i using erased_rows e where e.row_number = i.row_number')
  await work.run(`update selected_users s set user_ids = array(select n from unnest(s.user_ids) with ordinality u (n, at) where not exists (select from erased_rows e where e.row_number = u.n) order by at)
    where exists (select from unnest(s.user_ids) u (n) join erased_rows e on e.row_number = u.n)`)
  await work.run(`update push_batches b set user_ids = array(select n from unnest(b.user_ids) with ordinality u (n, at) where not exists (select from erased_rows e where e.row_number = u.n) order by at)
    where exists (select from unnest(b.user_ids) u (n) join erased_rows e on e.row_number = u.n)`)
  await work.run('delete from push_failures f using erased_rows e where e.row_number = f.user_id')
  await work.run('delete from pushed_users p using erased_rows e where e.row_number = p.user_id')
  await work.run('update pushes p set person = 0, ended_at = coalesce(p.ended_at, now()) from erased_rows e where e.row_number = p.person')
  await work.run('delete from mailed_addresses m using erased_rows e where e.row_number = m.user_id')
  for (const table of work.catalog.audiences.flatMap(({ membersTable, beforeTable }) => [membersTable, beforeTable])) {
    if (table) await work.run(`delete from ${table} m using erased_rows e where e.row_number = m.row_number`)
  }
  await work.run('delete from removed_rows g using erased_rows e where e.row_number = g.row_number')
  await work.run('delete from row_aliases a using erased_rows e where e.row_number = a.row_number')
  // A notice that waits for the next page may name the person.
  await work.run(`update sessions set sess = (sess::jsonb - 'notice')::json where sess::jsonb ? 'notice'`)
}

/** What somebody set by hand while the job was at work stands in the projection, though the decision is gone. */
export async function deleteShown(work: Work): Promise<void> {
  await takeProjection(work.db)
  for (const table of [work.catalog.usersTable, ...work.catalog.sources.flatMap((source) => source.valuesTable ?? [])]) {
    await work.run(`delete from ${table} v using erased_rows e where e.row_number = v.user_id`)
  }
}

export async function countErased(work: Work, erasureId: number, rows: number): Promise<void> {
  await work.run('update erasures set rows_erased = rows_erased + $2 where id = $1', [erasureId, rows])
}

/** The person is gone: their numbers are not needed any more. Answers how many rows went. */
export async function setErased(work: Work, erasureId: number): Promise<number> {
  const [done] = await work.rows<{ rows: number }>('update erasures set done_at = clock_timestamp(), numbers = null where id = $1 returning rows_erased as rows', [erasureId])
  return done?.rows ?? 0
}
