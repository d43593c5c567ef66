import { sql, type Transaction } from 'kysely'
import type { GrantLevel } from '../access/grants.ts'
import type { Permission } from '../access/permissions.ts'
import type { Condition } from '../catalog/condition.ts'
import type { Database, Db } from '../db/database.ts'

/** Nobody else changes a role until this transaction ends; who signs in or is given a role does not wait. */
export async function lockRoles(trx: Transaction<Database>): Promise<void> {
  await sql`lock table roles in share row exclusive mode`.execute(trx)
}

/** How many operators hold each role, by its id. */
export async function countHolders(db: Db): Promise<Map<number, number>> {
  const rows = await db.selectFrom('operator_roles').select(['role_id', (eb) => eb.fn.countAll().as('holders')]).groupBy('role_id').execute()
  return new Map(rows.map((row) => [row.role_id, Number(row.holders)]))
}

export interface RoleHolder { id: number; name: string; email: string; off: boolean; lastSeenAt: Date | null }

/** Who holds a role, by name. */
export async function listHolders(db: Db, roleId: number, limit: number): Promise<RoleHolder[]> {
  const rows = await db.selectFrom('operators as o').innerJoin('operator_roles as h', 'h.operator_id', 'o.id').select(['o.id', 'o.name', 'o.email', 'o.disabled_at', 'o.last_seen_at'])
    .where('h.role_id', '=', roleId).orderBy('o.name').orderBy('o.id').limit(limit).execute()
  return rows.map((row) => ({ id: row.id, name: row.name, email: row.email, off: row.disabled_at !== null, lastSeenAt: row.last_seen_at }))
}

export async function isRoleNameTaken(db: Db, name: string, exceptId: number | null): Promise<boolean> {
  const row = await db.selectFrom('roles').select('id').where(sql`lower(name)`, '=', sql<string>`lower(${name})`).where('id', '<>', exceptId ?? 0).executeTakeFirst()
  return row !== undefined
}

export async function insertRole(trx: Transaction<Database>, role: { name: string; description: string; permissions: readonly Permission[] }): Promise<number> {
  return (await trx.insertInto('roles').values({ name: role.name, description: role.description, permissions: [...role.permissions] }).returning('id').executeTakeFirstOrThrow()).id
}

/** Gives a new role what another one sees. */
export async function copyGrants(trx: Transaction<Database>, from: number, to: number): Promise<void> {
  await sql`insert into source_grants (role_id, source_id, otherwise, row_condition) select ${to}::int, source_id, otherwise, row_condition from source_grants where role_id = ${from}`.execute(trx)
  await sql`insert into column_grants (role_id, column_id, level) select ${to}::int, column_id, level from column_grants where role_id = ${from}`.execute(trx)
  await sql`insert into attribute_grants (role_id, attribute_id, level) select ${to}::int, attribute_id, level from attribute_grants where role_id = ${from}`.execute(trx)
}

export async function setDetails(trx: Transaction<Database>, id: number, details: { name: string; description: string; isDefault: boolean; needsTwoStep: boolean }): Promise<void> {
  if (details.isDefault) await trx.updateTable('roles').set({ is_default: false }).where('is_default', '=', true).where('id', '<>', id).execute()
  await trx.updateTable('roles').set({ name: details.name, description: details.description, is_default: details.isDefault, needs_two_step: details.needsTwoStep }).where('id', '=', id).execute()
}

export async function setPermissions(trx: Transaction<Database>, id: number, permissions: readonly string[]): Promise<void> {
  await trx.updateTable('roles').set({ permissions: [...permissions] }).where('id', '=', id).execute()
}

/** Permissions that stand there and mean nothing to this version of the console: they are kept. */
export async function listPermissionTexts(trx: Transaction<Database>, id: number): Promise<string[]> {
  return (await trx.selectFrom('roles').select('permissions').where('id', '=', id).executeTakeFirstOrThrow()).permissions
}

export async function deleteRole(trx: Transaction<Database>, id: number): Promise<void> {
  await trx.deleteFrom('roles').where('id', '=', id).execute()
}

/** What a role sees of a source, every column by itself. Columns that went meanwhile are left out. */
export async function setSourceGrant(trx: Transaction<Database>, roleId: number, sourceId: number, otherwise: GrantLevel, levels: ReadonlyMap<number, GrantLevel>): Promise<void> {
  await trx.insertInto('source_grants').values({ role_id: roleId, source_id: sourceId, otherwise }).onConflict((on) => on.columns(['role_id', 'source_id']).doUpdateSet({ otherwise })).execute()
  await sql`delete from column_grants g using source_columns c where g.role_id = ${roleId} and c.id = g.column_id and c.source_id = ${sourceId}`.execute(trx)
  await sql`
    insert into column_grants (role_id, column_id, level) select ${roleId}::int, c.id, l.level
    from unnest(${[...levels.keys()]}::int[], ${[...levels.values()]}::text[]) l (id, level) join source_columns c on c.id = l.id and c.source_id = ${sourceId}`.execute(trx)
}

export async function setRowCondition(trx: Transaction<Database>, roleId: number, sourceId: number, condition: Condition | null): Promise<void> {
  const row = condition === null ? null : JSON.stringify(condition)
  await trx.insertInto('source_grants').values({ role_id: roleId, source_id: sourceId, row_condition: row }).onConflict((on) => on.columns(['role_id', 'source_id']).doUpdateSet({ row_condition: row })).execute()
}

export async function setAttributeGrants(trx: Transaction<Database>, roleId: number, levels: ReadonlyMap<string, GrantLevel>): Promise<void> {
  await sql`
    insert into attribute_grants (role_id, attribute_id, level) select ${roleId}::int, a.id, l.level
    from unnest(${[...levels.keys()]}::text[], ${[...levels.values()]}::text[]) l (code, level) join attributes a on a.code = l.code
    on conflict (role_id, attribute_id) do update set level = excluded.level`.execute(trx)
}
