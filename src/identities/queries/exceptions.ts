import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Db } from '../../db/database.ts'
import type { Sql } from '../../db/sql.ts'
import { passesRow } from '../../users/queries/row-condition.ts'
import { Scope } from '../../users/queries/scope.ts'
import type { ExceptionKind } from '../mapping-settings.ts'

export interface MappingAct { entryId: string; idType: number; matchKey: string; before: ExceptionKind | null; after: ExceptionKind | null }

export async function insertMappingAct(db: Db, act: MappingAct): Promise<void> {
  await db.insertInto('mapping_acts').values({ entry_id: act.entryId, id_type: act.idType, match_key: act.matchKey, before: act.before, after: act.after }).execute()
}

/** What the act of an entry did, while nobody has taken it back. */
export async function findMappingAct(db: Db, entryId: string): Promise<MappingAct | undefined> {
  if (!/^[1-9]\d{0,17}$/.test(entryId)) return undefined
  const row = await db.selectFrom('mapping_acts as a').innerJoin('history_entries as e', 'e.id', 'a.entry_id').select(['a.entry_id', 'a.id_type', 'a.match_key', 'a.before', 'a.after'])
    .where('a.entry_id', '=', entryId).where('e.undone_by', 'is', null).where('e.kind', '=', 'mapping').executeTakeFirst()
  return row && { entryId: row.entry_id, idType: row.id_type, matchKey: row.match_key, before: row.before, after: row.after }
}

export interface ListedException { idType: number; key: string; kind: ExceptionKind; operator: string | null; at: Date }

/** Values that were excluded or allowed, the newest first. */
export async function listExceptions(db: Db, limit: number): Promise<ListedException[]> {
  const rows = await db.selectFrom('mapping_exceptions as e').leftJoin('operators as o', 'o.id', 'e.operator_id').select(['e.id_type', 'e.match_key', 'e.kind', 'e.at', 'o.name'])
    .orderBy('e.at', 'desc').orderBy('e.id_type').orderBy('e.match_key').limit(limit).execute()
  return rows.map((row) => ({ idType: row.id_type, key: row.match_key, kind: row.kind, operator: row.name, at: row.at }))
}

/** Which of these row numbers are rows that the operator sees? */
export async function listVisibleRows(db: Db, access: Access, timeZone: string, numbers: readonly string[]): Promise<Set<string>> {
  const scope = new Scope(access, timeZone)
  const parts = access.sources.filter((source) => source.rowsTable).map((source): Sql => {
    const user = source.rowCondition ? sql`left join row_aliases ua on ua.row_number = r.row_number join ${sql.table(access.usersTable)} u on u.user_id = coalesce(ua.user_id, r.row_number)` : sql``
    return sql`select r.row_number as n from ${sql.table(source.rowsTable!)} r ${user} where r.row_number = any (${numbers}::bigint[]) and ${passesRow(scope, source)}`
  })
  if (parts.length === 0 || numbers.length === 0) return new Set()
  const { rows } = await sql<{ n: string }>`${sql.join(parts, sql` union all `)}`.execute(db)
  return new Set(rows.map((row) => row.n))
}
