import { permissionPath } from '../access/permissions.ts'
import type { Role } from '../access/role.ts'
import { Access } from '../access/access.ts'
import type { Db } from '../db/database.ts'
import { formatCount } from '../format.ts'
import { Conflict } from '../problem.ts'
import { changeRole, type Actor } from './change-role.ts'
import { itemsOfGrants } from './grant-items.ts'
import { countHolders, deleteRole } from './queries.ts'

/** Why a role cannot be deleted now, or ''. */
export function deletionRefusal(role: Pick<Role, 'administrator' | 'isDefault'>, holders: number): string {
  if (role.administrator) return 'The Administrator role cannot be deleted.'
  if (holders > 0) return `${formatCount(holders, 'operator holds', 'operators hold')} this role. Give them another one first.`
  return role.isDefault ? 'New operators get this role. Make another one the default first.' : ''
}

/** Deletes a role that nobody holds, with its grants. */
export async function removeRole(db: Db, id: number, operator: Actor): Promise<Role> {
  try {
    return await changeRole(db, id, operator, async ({ trx, catalog, record }, role) => {
      const refusal = deletionRefusal(role, (await countHolders(trx)).get(id) ?? 0)
      if (refusal) throw new Conflict(`${refusal} Nothing was deleted.`)
      await deleteRole(trx, id)
      await record(`Role ${role.name} deleted`, [
        { table: 'roles', column: 'name', before: role.name, after: null }, ...(role.description ? [{ table: 'roles', column: 'description', before: role.description, after: null }] : []),
        ...[...role.permissions].map((permission) => ({ table: 'roles', column: permissionPath(permission), before: true, after: false })), ...itemsOfGrants(Access.full(catalog), catalog, role.grants)
      ])
      return role
    })
  } catch (error) {
    // Somebody was given the role at the same moment.
    if ((error as { code?: string }).code === '23503') throw new Conflict('An operator was given this role at this moment. Nothing was deleted.')
    throw error
  }
}
