import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

export interface Act {
  /** 'import', 'sign_in', 'settings', 'structure'...; verbs of design.md. */
  kind: string
  /** One sentence for people. */
  title: string
  operator: { id: number; name: string } | null
  sourceId?: number | null
  runId?: number | null
  jobId?: number | null
  usersAffected?: number | null
  items?: ActItem[]
}

export interface ActItem { rowNumber?: string | null; table: string; column: string; field?: string | null; before: unknown; after: unknown }

/** Records an act in the transaction of the act itself; table and column of each item decide who may see it later. Answers the entry's id. */
export async function insertHistory(db: Db, act: Act): Promise<string> {
  const { id } = await db.insertInto('history_entries').values({
    operator_id: act.operator?.id ?? null, operator_name: act.operator?.name ?? null, kind: act.kind, title: act.title,
    source_id: act.sourceId ?? null, run_id: act.runId ?? null, job_id: act.jobId ?? null, users_affected: act.usersAffected?.toString() ?? null
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
