import { sql, type Transaction } from 'kysely'
import type { Database, Db } from '../db/database.ts'
import { dataLane, readingLane } from '../jobs/lanes.ts'
import type { AttributeValue } from './forms.ts'

export interface AttributeStatistics { field: string; users: number; topValues: { value: string; count: number }[]; computedAt: Date }

/** How many users have each attribute, as counted after the last publication? Keyed by field, 'a3'. */
export async function listAttributeStatistics(db: Db, ids: readonly number[]): Promise<Map<string, AttributeStatistics>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('field_statistics').selectAll().where('field', 'in', ids.map((id) => `a${id}`)).execute()
  return new Map(rows.map((row) => [row.field, { field: row.field, users: Number(row.users_covered), topValues: row.top_values, computedAt: row.computed_at }]))
}

/** Keeps jobs from starting until the transaction ends; false where one is at work, which builds or reads tables by the structure it read. */
export async function holdLanes(trx: Transaction<Database>): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`select pg_try_advisory_xact_lock(${dataLane.lock}) and pg_try_advisory_xact_lock(${readingLane.lock}) as held`.execute(trx)
  return rows[0]?.held ?? false
}

export async function insertAttribute(trx: Transaction<Database>, value: AttributeValue): Promise<number> {
  const { id } = await trx.insertInto('attributes').values({
    code: value.code, name: value.name, type: value.type, choices: value.choices, rule: value.rule, source_order: value.sourceOrder, description: value.description, filter_index: value.filterIndex,
    position: sql`(select coalesce(max(position), 0) + 1 from attributes)` as never
  }).returning('id').executeTakeFirstOrThrow()
  return id
}

/** Gives the projection the column of a new attribute, empty for everybody. */
export async function addUsersColumn(trx: Transaction<Database>, column: string, sqlType: string): Promise<void> {
  const { users_table: table } = await trx.selectFrom('catalog_state').select('users_table').executeTakeFirstOrThrow()
  await sql`alter table ${sql.table(table)} add column ${sql.id(column)} ${sql.raw(sqlType)}`.execute(trx)
}

export async function dropUsersColumn(trx: Transaction<Database>, column: string): Promise<void> {
  const { users_table: table } = await trx.selectFrom('catalog_state').select('users_table').executeTakeFirstOrThrow()
  await sql`alter table ${sql.table(table)} drop column if exists ${sql.id(column)}`.execute(trx)
}

export async function setAttribute(trx: Transaction<Database>, id: number, value: AttributeValue): Promise<void> {
  await trx.updateTable('attributes').set({ name: value.name, description: value.description, rule: value.rule, source_order: value.sourceOrder, filter_index: value.filterIndex }).where('id', '=', id).execute()
}

export async function deleteAttribute(trx: Transaction<Database>, id: number): Promise<void> {
  await trx.deleteFrom('field_statistics').where('field', '=', `a${id}`).execute()
  await trx.deleteFrom('attributes').where('id', '=', id).where('preset', '=', false).execute()
}

/** Is the attribute fed by a column of any source, now or from its next run on, or by a removed source that is still kept? */
export async function isAttributeMapped(db: Db, code: string): Promise<boolean> {
  const row = await db.selectFrom('source_columns').select('id').where((where) => where.or([where('attribute', '=', code), where(sql`pending ->> 'attribute'`, '=', code)])).limit(1).executeTakeFirst()
  return row !== undefined
}

/** How many values of this attribute were set by hand and still hold? */
export async function countHandSet(db: Db, id: number): Promise<number> {
  const { count } = await db.selectFrom('overrides').select(sql<string>`count(*)`.as('count')).where('attribute_id', '=', id).where('undone_by', 'is', null).where('policy', '<>', 'source').executeTakeFirstOrThrow()
  return Number(count)
}
