import type { Access } from '../access/access.ts'
import type { Permission } from '../access/permissions.ts'
import { listRoles } from '../access/queries.ts'
import { accessOfOperator, permissionsOf } from '../access/role.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Db } from '../db/database.ts'
import { findSignedIn } from './queries.ts'

export interface CurrentRights { permissions: ReadonlySet<Permission>; access: Access; roleIds: readonly number[]; administrator: boolean }

/** What an operator may do and see now, for work that was ordered before; undefined where the account is gone or switched off. */
export async function currentRights(db: Db, catalog: Catalog, operatorId: number): Promise<CurrentRights | undefined> {
  const holder = await findSignedIn(db, operatorId)
  if (!holder) return undefined
  const roles = await listRoles(db)
  const held = roles.filter((role) => holder.roleIds.includes(role.id))
  return { roleIds: holder.roleIds, administrator: held.some((role) => role.administrator), permissions: permissionsOf(held), access: accessOfOperator(catalog, roles, holder.roleIds, operatorId) }
}
