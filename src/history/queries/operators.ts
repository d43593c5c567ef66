import { sql } from 'kysely'
import type { Db } from '../../db/database.ts'

export interface OperatorName { id: number; name: string; removed: boolean }

/** Everybody who may stand behind an act, by name; removed ones too. */
export async function listOperatorNames(db: Db): Promise<OperatorName[]> {
  return db.selectFrom('operators').select(['id', 'name', sql<boolean>`removed_at is not null`.as('removed')]).orderBy('name').orderBy('id').execute()
}
