import type { Db } from '../../db/database.ts'

/** Everybody who may stand behind an act, by name. */
export async function listOperatorNames(db: Db): Promise<{ id: number; name: string }[]> {
  return db.selectFrom('operators').select(['id', 'name']).orderBy('name').orderBy('id').execute()
}
