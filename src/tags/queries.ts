import { sql, type Transaction } from 'kysely'
import type { Database, Db } from '../db/database.ts'
import type { GroupValue } from './tag-group.ts'

export interface TagStatistics { users: number; topValues: { value: string; count: number }[]; min: string | null; max: string | null; computedAt: Date }

/** What was counted of these tags after the last publication, by field, 'c12'. */
export async function listTagStatistics(db: Db, columns: readonly string[]): Promise<Map<string, TagStatistics>> {
  if (columns.length === 0) return new Map()
  const rows = await db.selectFrom('field_statistics').selectAll().where('field', '=', sql<string>`any (${columns}::text[])`).execute()
  return new Map(rows.map((row) => [row.field, { users: Number(row.users_covered), topValues: row.top_values, min: row.min_value, max: row.max_value, computedAt: row.computed_at }]))
}

/** Holds the whole tree, so that two people cannot make it deeper or circular together. */
export async function lockGroups(trx: Transaction<Database>): Promise<void> {
  await sql`lock table tag_groups in share row exclusive mode`.execute(trx)
}

export async function insertGroup(trx: Transaction<Database>, value: GroupValue): Promise<number> {
  return (await trx.insertInto('tag_groups').values({ name: value.name, parent_id: value.parentId }).returning('id').executeTakeFirstOrThrow()).id
}

export async function setGroup(trx: Transaction<Database>, id: number, value: GroupValue): Promise<void> {
  await trx.updateTable('tag_groups').set({ name: value.name, parent_id: value.parentId }).where('id', '=', id).execute()
}

/** Deletes a group with those below it; their tags have no group then. */
export async function deleteGroups(trx: Transaction<Database>, ids: readonly number[]): Promise<void> {
  await trx.updateTable('source_columns').set({ tag_group_id: null }).where('tag_group_id', 'in', ids).execute()
  await trx.deleteFrom('tag_groups').where('id', 'in', ids).execute()
}

/** Is there another tag of this name in the source, whatever its case? */
export async function isTagNameTaken(db: Db, sourceId: number, name: string, exceptId: number): Promise<boolean> {
  const row = await db.selectFrom('source_columns').select('id').where('source_id', '=', sourceId).where('kind', '=', 'tag').where('id', '<>', exceptId).where(sql`lower(tag_name)`, '=', name.toLowerCase()).executeTakeFirst()
  return row !== undefined
}

/** What takes effect at once: how a tag is called and where it stands. */
export async function setColumnNames(db: Db, id: number, names: { tagName: string | null; groupId: number | null; description: string | null; filterIndex: boolean }): Promise<void> {
  await db.updateTable('source_columns').set({ tag_name: names.tagName, tag_group_id: names.groupId, description: names.description, filter_index: names.filterIndex }).where('id', '=', id).execute()
}
