import { sql } from 'kysely'
import type { Db } from '../db/database.ts'
import { NotFound } from '../problem.ts'

/** Who did something. `tokenId`: by which token of the API, null where on a page; where it is not said, as the job that the act belongs to was ordered. */
export interface Actor { id: number; name: string; tokenId?: number | null }

export interface Act {
  /** 'import', 'sign_in', 'settings', 'structure'...; verbs of design.md. */
  kind: string
  /** One sentence for people. */
  title: string
  operator: Actor | null
  sourceId?: number | null
  runId?: number | null
  jobId?: number | null
  usersAffected?: number | null
  /** References of the tags and attributes that it is about ('tag:12', 'attribute:city'): who sees none of them does not see the entry. */
  fields?: readonly string[]
  items?: ActItem[]
}

export interface ActItem { rowNumber?: string | null; table: string; column: string; field?: string | null; before: unknown; after: unknown }

/** Records an act in the transaction of the act itself; table and column of each item decide who may see it later. Answers the entry's id. */
export async function insertHistory(db: Db, act: Act): Promise<string> {
  const { id } = await db.insertInto('history_entries').values({
    operator_id: act.operator?.id ?? null, operator_name: act.operator?.name ?? null, kind: act.kind, title: act.title,
    source_id: act.sourceId ?? null, run_id: act.runId ?? null, job_id: act.jobId ?? null, users_affected: act.usersAffected?.toString() ?? null,
    fields: [...new Set(act.fields ?? [])], token_id: tokenOf(act)
  }).returning('id').executeTakeFirstOrThrow()
  const items = act.items ?? []
  for (let at = 0; at < items.length; at += 1000) {
    await db.insertInto('history_items').values(items.slice(at, at + 1000).map((item, index) => ({
      entry_id: id, item: at + index + 1, row_number: item.rowNumber ?? null, table_name: item.table, column_name: item.column, field: item.field ?? null,
      old_value: sql`${JSON.stringify(item.before ?? null)}::jsonb` as never, new_value: sql`${JSON.stringify(item.after ?? null)}::jsonb` as never
    }))).execute()
  }
  return id
}

function tokenOf({ operator, jobId }: Act) {
  if (operator?.tokenId !== undefined || !jobId) return operator?.tokenId ?? null
  return sql<number | null>`(select token_id from jobs where id = ${jobId})`
}

/** How many users an act touched and what it was about, where that is known only after it. */
export async function setOutcome(db: Db, entryId: string, users: number, fields: readonly string[]): Promise<void> {
  await db.updateTable('history_entries').set({ users_affected: String(users), fields: [...new Set(fields)] }).where('id', '=', entryId).execute()
}

/** Marks an entry as taken back by another; false where it was already. */
export async function setEntryUndone(db: Db, entryId: string, byEntry: string): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('history_entries').set({ undone_by: byEntry }).where('id', '=', entryId).where('undone_by', 'is', null).executeTakeFirst()
  await db.updateTable('history_entries').set({ undoes: entryId }).where('id', '=', byEntry).execute()
  return numUpdatedRows > 0n
}

export interface Entry { id: string; kind: string; title: string; usersAffected: number | null; undoneBy: string | null; jobId: number | null; runId: number | null; sourceId: number | null; fields: string[] }

export async function getEntry(db: Db, id: string): Promise<Entry> {
  const row = /^[1-9]\d{0,17}$/.test(id) ? await db.selectFrom('history_entries').selectAll().where('id', '=', id).executeTakeFirst() : undefined
  if (!row) throw new NotFound(noEntry)
  return { id: row.id, kind: row.kind, title: row.title, usersAffected: row.users_affected === null ? null : Number(row.users_affected), undoneBy: row.undone_by, jobId: row.job_id, runId: row.run_id, sourceId: row.source_id, fields: row.fields }
}

/** The same words for an entry that is not there and for one that the operator may not know of. */
export const noEntry = 'There is no such entry in the history.'

/** Adds the items of a select (row_number, field, old_value, new_value) to an entry: as many as there are, in one statement. */
export async function insertItemsOf(writer: { run(statement: string, values?: unknown[]): Promise<number> }, entryId: string, select: string): Promise<void> {
  await writer.run(`insert into history_items (entry_id, item, row_number, table_name, column_name, field, old_value, new_value)
    select $1, (select coalesce(max(item), 0) from history_items where entry_id = $1) + row_number() over (), i.row_number, 'overrides', 'value', i.field, i.old_value, i.new_value from (${select}) i`, [entryId])
}
