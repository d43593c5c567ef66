import type { Db } from '../db/database.ts'

/** A setting by name, or `otherwise` where it was never set. Names in use: installation, column_display, over_shared_limit, placeholders, rejected_rows_days, history_days, export_hours, alert_addresses. */
export async function getSetting<T>(db: Db, name: string, otherwise: T): Promise<T> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst()
  return row === undefined ? otherwise : (row.value as T)
}

export async function setSetting(db: Db, name: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value)
  await db.insertInto('settings').values({ name, value: text })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text, changed_at: new Date() })).execute()
}
