import { sql, type Transaction } from 'kysely'
import type { IdType } from '../catalog/catalog.ts'
import type { Database, Db } from '../db/database.ts'

/** Every ID type as stored now, by priority: what a change is checked against, rather than the catalog of a moment ago. */
export async function listIdTypes(db: Db): Promise<IdType[]> {
  return db.selectFrom('id_types').selectAll().orderBy('priority').execute()
}

export async function insertIdType(trx: Transaction<Database>, type: Omit<IdType, 'id' | 'preset'>): Promise<number> {
  const { id } = await trx.insertInto('id_types').values({
    code: type.code, name: type.name, priority: type.priority, single: type.single, enabled: type.enabled, mapping: type.mapping
  }).returning('id').executeTakeFirstOrThrow()
  return id
}

/** Writes types anew; priorities may be exchanged among them. */
export async function setIdTypes(trx: Transaction<Database>, types: readonly IdType[]): Promise<void> {
  await sql`set constraints id_types_priority deferred`.execute(trx)
  for (const type of types) {
    await trx.updateTable('id_types').set({ name: type.name, priority: type.priority, single: type.single, enabled: type.enabled, mapping: type.mapping }).where('id', '=', type.id).execute()
  }
  await sql`set constraints id_types_priority immediate`.execute(trx)
}

export async function deleteIdType(trx: Transaction<Database>, id: number): Promise<void> {
  await trx.deleteFrom('mapping_exceptions').where('id_type', '=', id).execute()
  await trx.deleteFrom('refused_joins').where('id_type', '=', id).execute()
  await trx.deleteFrom('id_types').where('id', '=', id).where('preset', '=', false).execute()
}

/** Is the type named by a column or key of any source, by one that waits for its next run, or by a removed one that is still kept? */
export async function isIdTypeUsed(db: Db, code: string): Promise<boolean> {
  const column = await db.selectFrom('source_columns').select('id').where((where) => where.or([where('id_type', '=', code), where(sql`pending ->> 'idType'`, '=', code)])).limit(1).executeTakeFirst()
  const key = await db.selectFrom('sources').select('id').where('key_id_type', '=', code).limit(1).executeTakeFirst()
  return column !== undefined || key !== undefined
}
