import { sql } from 'kysely'
import type { Access } from '../../access/access.ts'
import type { Condition } from '../../catalog/condition.ts'
import type { Sql } from '../../db/sql.ts'
import type { Reading } from '../../users/queries/list.ts'
import { matchingUsers } from '../../users/queries/matching.ts'
import { isVisible, Scope } from '../../users/queries/scope.ts'
import type { ExportColumn } from '../column.ts'
import { fieldCell, guarded, sourceCell, timeText, type CellSql } from './cells.ts'
import { IdCells } from './ids.ts'

/** The rows of the file, finished but for the quotation marks: by user ID. `condition` null: every user that this operator sees. */
export function exportRows(access: Access, reading: Reading, condition: Condition | null, columns: readonly ExportColumn[], guard: boolean): Sql {
  const scope = new Scope(access, reading.timeZone)
  const lists = columns.filter((column) => column.kind === 'ids')
  const ids = new IdCells(scope, lists.map(({ places }) => places))
  const cells = columns.map((column): CellSql => {
    if (column.kind === 'field') return fieldCell(scope, column.field)
    if (column.kind === 'ids') return { value: ids.cell(lists.indexOf(column)), text: true }
    if (column.kind === 'source') return sourceCell(scope)
    return { value: column.kind === 'created' ? timeText(sql`u.created_at`) : sql`u.user_id`, text: false }
  })
  const name = (n: number) => sql.ref(`f.f${n}`)
  const finished = cells.map(({ text }, n) => (guard && text ? guarded(name(n)) : name(n)))
  const read = sql`select u.user_id, ${sql.join(cells.map(({ value }, n) => sql`${value} as ${sql.ref(`f${n}`)}`))}`
  // Each cell is made once, below the guard that names it several times: "offset 0" keeps the two apart.
  return sql`${condition ? sql`with chosen as materialized (${matchingUsers(access, reading, condition)} order by 1)` : sql``}
    select ${sql.join(finished)} from (${read} ${condition ? fromChosen(scope, ids) : fromAll(scope, ids)} order by u.user_id offset 0) f order by f.user_id`
}

function fromAll(scope: Scope, ids: IdCells): Sql {
  const visible = isVisible(scope)
  return sql`from ${scope.from()} ${ids.joins(null)} where ${visible}`
}

function fromChosen(scope: Scope, ids: IdCells): Sql {
  return sql`from ${scope.from(sql`chosen join ${sql.table(scope.access.usersTable)} u on u.user_id = chosen.user_id`)} ${ids.joins(sql`chosen`)}`
}
