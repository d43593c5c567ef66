import { permissionPath, permissions, type Permission } from '../access/permissions.ts'
import type { Db } from '../db/database.ts'
import { changeRole, type Actor } from './change-role.ts'
import { refuseExcess } from './own.ts'
import { listPermissionTexts, setPermissions } from './queries.ts'
import { refuseStale, seenOf } from './role-state.ts'

/** Sets what a role may do. What the operator does not hold himself stays as it is. Answers whether anything changed. */
export async function savePermissions(db: Db, id: number, wanted: { permissions: readonly Permission[]; seen: string }, operator: Actor): Promise<boolean> {
  return changeRole(db, id, operator, async ({ trx, own, catalog, record }, role) => {
    refuseStale(wanted.seen, seenOf.permissions(role))
    const after = new Set(permissions.filter((permission) => wanted.permissions.includes(permission) || (role.permissions.has(permission) && !own.permissions.has(permission))))
    refuseExcess(own, role, { permissions: after, grants: role.grants }, catalog)
    const changed = permissions.filter((permission) => after.has(permission) !== role.permissions.has(permission))
    if (changed.length === 0) return false
    const unknown = (await listPermissionTexts(trx, id)).filter((text) => !role.permissions.has(text as Permission))
    await setPermissions(trx, id, [...after, ...unknown])
    await record(`Role ${role.name}, permissions changed`, changed.map((permission) => ({ table: 'roles', column: permissionPath(permission), before: role.permissions.has(permission), after: after.has(permission) })))
    return true
  })
}
