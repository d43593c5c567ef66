import { sql } from 'kysely'
import type { Access, VisibleColumn, VisibleSource } from '../../access/access.ts'
import type { Db } from '../../db/database.ts'
import type { Sql } from '../../db/sql.ts'
import { masked } from './mask.ts'
import { passesRow } from './row-condition.ts'
import { Scope } from './scope.ts'

/** One value of an ID column in one row of a user. */
export interface IdCell { userId: string; sourceId: number; columnId: number; rowNumber: string; rowTime: Date; createdAt: Date; value: string }

/** Every value of these ID columns in the visible rows of these users; masked ones already masked. */
export async function listIdCells(db: Db, access: Access, timeZone: string, ids: string[], wanted: (column: VisibleColumn) => boolean): Promise<IdCell[]> {
  const scope = new Scope(access, timeZone)
  const parts = access.sources.flatMap((source) => source.columns.filter((column) => column.kind === 'id' && wanted(column)).map((column) => cellsOf(scope, source, column)))
  if (parts.length === 0 || ids.length === 0) return []
  const { rows } = await sql<IdCell>`
    with held as (
      select i.user_id, i.user_id as row_number from unnest(${ids}::bigint[]) i (user_id)
      union all select a.user_id, a.row_number from row_aliases a where a.user_id = any (${ids}::bigint[])
    ) ${sql.join(parts, sql` union all `)}`.execute(db)
  return rows
}

function cellsOf(scope: Scope, source: VisibleSource, column: VisibleColumn): Sql {
  const cell = sql.ref(`r.${column.column}`)
  const users = source.rowCondition ? sql`join ${sql.table(scope.access.usersTable)} u on u.user_id = h.user_id` : sql``
  return sql`
    select h.user_id as "userId", ${source.id}::int as "sourceId", ${column.id}::int as "columnId", r.row_number as "rowNumber", r.row_time as "rowTime", r.created_at as "createdAt",
      ${column.masked ? masked('id', cell) : cell} as value
    from held h join ${sql.table(source.rowsTable!)} r on r.row_number = h.row_number ${users}
    where ${cell} is not null and ${passesRow(scope, source)}`
}

