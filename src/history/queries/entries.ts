import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'
import type { Sql } from '../../db/sql.ts'
import { seesEntry, type Reader } from './visible.ts'

export interface EntryFilter {
  /** The id of an operator, or 0 for acts that no operator stands behind. */
  operator?: number | null
  kind?: string
  source?: number | null
  /** Whether by a token of the API. */
  via?: 'page' | 'api' | null
  /** Row numbers that a user holds; the empty list finds nothing. */
  numbers?: readonly string[] | null
  /** Days of the installation, both included: 2026-11-23. */
  from?: string
  to?: string
}

/** A place in a list, newest first: entries of the same time follow their ids. */
export interface EntryPlace { at: string; id: string }

export interface EntryRow {
  id: string; at: Date; atText: string; operator: string | null; kind: string; title: string; sourceId: number | null; runId: number | null; jobId: number | null
  usersAffected: number | null; undoneBy: string | null; /** Name of the token it was done by; null where on a page. */ token: string | null; undoes: string | null; fields: string[]; runUndoable: boolean
}

type Row = Omit<EntryRow, 'usersAffected'> & { usersAffected: string | null }

/** Entries of the history that this operator may know of and that fit the filter, newest first, older than a place. */
export async function listEntries(db: Db, reader: Reader, filter: EntryFilter, before: EntryPlace | null, limit: number): Promise<EntryRow[]> {
  const after = before ? sql`(e.at, e.id) < (${before.at}::timestamptz, ${before.id}::bigint)` : sql`true`
  const { rows } = await sql<Row>`${selectEntries} where ${sql.join([...conditionsOf(filter, reader.timeZone), after, seesEntry(reader)], sql` and `)} order by e.at desc, e.id desc limit ${limit}`.execute(db)
  return rows.map(toEntry)
}

/** One entry, if this operator may know of it. */
export async function findEntry(db: Db, reader: Reader, id: string): Promise<EntryRow | undefined> {
  if (!/^[1-9]\d{0,17}$/.test(id)) return undefined
  const { rows } = await sql<Row>`${selectEntries} where e.id = ${id}::bigint and ${seesEntry(reader)}`.execute(db)
  return rows[0] && toEntry(rows[0])
}

const selectEntries: Sql = sql`
  select e.id, e.at, e.at::text as "atText", e.operator_name as operator, e.kind, e.title, e.source_id as "sourceId", e.run_id as "runId", e.job_id as "jobId", e.users_affected as "usersAffected",
    e.undone_by as "undoneBy", e.undoes, e.fields, k.name as token, coalesce(r.before_kind <> 'structure' and r.undone_by is null and e.users_affected is not null, false) as "runUndoable"
  from history_entries e left join import_runs r on r.id = e.run_id left join tokens k on k.id = e.token_id`

function toEntry(row: Row): EntryRow {
  return { ...row, usersAffected: row.usersAffected === null ? null : Number(row.usersAffected) }
}

function conditionsOf(filter: EntryFilter, timeZone: string): Sql[] {
  const day = (text: string) => sql`(${text}::date)`
  return [
    ...(filter.operator === undefined || filter.operator === null ? [] : [filter.operator === 0 ? sql`e.operator_id is null` : sql`e.operator_id = ${filter.operator}`]),
    ...(filter.kind ? [sql`e.kind = ${filter.kind}`] : []),
    ...(filter.source ? [sql`e.source_id = ${filter.source}`] : []),
    ...(filter.via ? [filter.via === 'api' ? sql`e.token_id is not null` : sql`e.token_id is null`] : []),
    ...(filter.numbers ? [sql`e.id = any (${ofNumbers(filter.numbers)})`] : []),
    ...(filter.from ? [sql`e.at >= ${day(filter.from)}::timestamp at time zone ${timeZone}`] : []),
    ...(filter.to ? [sql`e.at < (${day(filter.to)} + 1)::timestamp at time zone ${timeZone}`] : [])
  ]
}

/** The entries about some row numbers: an array, so that the few of one user are looked up and the others never read. */
function ofNumbers(numbers: readonly string[]): Sql {
  return sql`array(select o.entry_id from overrides o where o.row_number = any (${numbers}::bigint[]) and o.entry_id is not null union select i.entry_id from history_items i where i.row_number = any (${numbers}::bigint[]))`
}

/** Every row number that leads to a user now, those of removed rows included. */
export async function listHeldNumbers(db: Db, userId: string): Promise<string[]> {
  const { rows } = await sql<{ n: string }>`
    with recursive live (n) as (select ${userId}::bigint union all select a.row_number from row_aliases a where a.user_id = ${userId}::bigint),
    held (n) as (select n from live union select r.row_number from held join removed_rows r on r.anchor = held.n)
    select n from held`.execute(db)
  return rows.map((row) => row.n)
}
