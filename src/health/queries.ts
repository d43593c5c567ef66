import { sql } from 'kysely'
import type { Db } from '../db/database.ts'

export async function answers(db: Db): Promise<boolean> {
  const { rows } = await sql`select 1`.execute(db)
  return rows.length === 1
}
