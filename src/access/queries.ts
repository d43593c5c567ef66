import { noRow, readCondition } from '../catalog/condition.ts'
import type { Db } from '../db/database.ts'
import type { Grants } from './grants.ts'
import { isPermission, type Permission } from './permissions.ts'
import type { Role } from './role.ts'

/** Every role with what it may do and see; the administrators' first, then by name. Changes with the version of the catalog. */
export async function listRoles(db: Db): Promise<Role[]> {
  const roles = await db.selectFrom('roles').selectAll().orderBy('administrator', 'desc').orderBy('name').execute()
  const sources = await db.selectFrom('source_grants').selectAll().execute()
  const columns = await db.selectFrom('column_grants as g').innerJoin('source_columns as c', 'c.id', 'g.column_id').select(['g.role_id', 'g.column_id', 'g.level', 'c.source_id']).execute()
  const attributes = await db.selectFrom('attribute_grants as g').innerJoin('attributes as a', 'a.id', 'g.attribute_id').select(['g.role_id', 'g.level', 'a.code']).execute()
  const grantsOf = (id: number): Grants => ({
    sources: new Map(sources.filter((grant) => grant.role_id === id).map((grant) => [grant.source_id, {
      otherwise: grant.otherwise, // One that cannot be read lets no row through.
      rowCondition: grant.row_condition === null ? null : readCondition(grant.row_condition) ?? noRow,
      columns: new Map(columns.filter((column) => column.role_id === id && column.source_id === grant.source_id).map((column) => [column.column_id, column.level]))
    }])),
    attributes: new Map(attributes.filter((grant) => grant.role_id === id).map((grant) => [grant.code, grant.level]))
  })
  return roles.map((role): Role => ({
    id: role.id, name: role.name, description: role.description, administrator: role.administrator, isDefault: role.is_default, needsTwoStep: role.needs_two_step,
    // A permission of a later version of the console means nothing to this one.
    permissions: new Set(role.permissions.filter((permission): permission is Permission => isPermission(permission))), grants: grantsOf(role.id)
  }))
}

/** The roles that an operator holds. */
export async function listRolesOf(db: Db, operatorId: number): Promise<number[]> {
  const rows = await db.selectFrom('operator_roles').select('role_id').where('operator_id', '=', operatorId).orderBy('role_id').execute()
  return rows.map((row) => row.role_id)
}
