import type { Access } from '../access/access.ts'
import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { getSetting, setSetting } from '../settings/queries.ts'
import { displayColumn } from './columns.ts'

export const maxColumns = 40

/** Remembers which columns the list shows, for the whole installation. What this operator cannot see stays as it was, at the end. */
export async function setColumns(db: Db, access: Access, chosen: string[], operator: { id: number; name: string }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const before = await getSetting<string[]>(trx, 'column_display', [])
    const unseen = before.filter((ref) => displayColumn(access, ref) === undefined)
    const after = [...new Set(chosen.filter((ref) => displayColumn(access, ref) !== undefined)), ...unseen]
    if (JSON.stringify(before) === JSON.stringify(after)) return
    await setSetting(trx, 'column_display', after)
    await insertHistory(trx, {
      kind: 'settings', title: 'Changed the columns of the user list', operator,
      items: [{ table: 'settings', column: 'value', field: 'column_display', before, after }]
    })
  })
}
