import { sql, type Transaction } from 'kysely'
import type { Database, Db } from '../../db/database.ts'
import { groupsInTree, type AudienceGroup, type GroupValue } from '../group.ts'

/** The whole tree, each group before those inside it. */
export async function listGroups(db: Db): Promise<AudienceGroup[]> {
  const rows = await db.selectFrom('audience_groups').selectAll().orderBy('name').execute()
  return groupsInTree(rows.map((row) => ({ id: row.id, parentId: row.parent_id, name: row.name })))
}

/** Holds the tree, so that two people cannot make it deeper or circular together. */
export async function lockGroups(trx: Transaction<Database>): Promise<AudienceGroup[]> {
  await sql`lock table audience_groups in share row exclusive mode`.execute(trx)
  return listGroups(trx)
}

export async function insertGroup(trx: Transaction<Database>, value: GroupValue): Promise<number> {
  return (await trx.insertInto('audience_groups').values({ name: value.name, parent_id: value.parentId }).returning('id').executeTakeFirstOrThrow()).id
}

export async function setGroup(trx: Transaction<Database>, id: number, value: GroupValue): Promise<void> {
  await trx.updateTable('audience_groups').set({ name: value.name, parent_id: value.parentId }).where('id', '=', id).execute()
}

/** Deletes groups; their audiences are in none then. */
export async function deleteGroups(trx: Transaction<Database>, ids: readonly number[]): Promise<void> {
  await trx.updateTable('audiences').set({ group_id: null }).where('group_id', 'in', ids).execute()
  for (const id of [...ids].reverse()) await trx.deleteFrom('audience_groups').where('id', '=', id).execute()
}
