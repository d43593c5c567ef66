import { permissionPath } from '../access/permissions.ts'
import type { Db } from '../db/database.ts'
import { Invalid, NotFound } from '../problem.ts'
import { changeRoles, noRole, type Actor } from './change-role.ts'
import { nothing, refuseExcess } from './own.ts'
import { copyGrants, insertRole, isRoleNameTaken } from './queries.ts'
import { nameTaken } from './save-details.ts'

/** Adds a role: one that may and sees nothing yet, or a copy of another with its permissions and grants. Answers its id. */
export async function addRole(db: Db, wanted: { name: string; description: string; from: number | null }, operator: Actor): Promise<number> {
  return changeRoles(db, operator, async ({ trx, roles, own, catalog, record }) => {
    const from = wanted.from === null ? undefined : roles.find((role) => role.id === wanted.from && !role.administrator)
    if (wanted.from !== null && !from) throw new NotFound(noRole)
    if (await isRoleNameTaken(trx, wanted.name, null)) throw new Invalid('The role cannot be added.', nameTaken)
    const given = from ?? nothing
    refuseExcess(own, nothing, given, catalog)
    const id = await insertRole(trx, { ...wanted, permissions: [...given.permissions] })
    if (from) await copyGrants(trx, from.id, id)
    await record(from ? `Role ${wanted.name} added as a copy of ${from.name}` : `Role ${wanted.name} added`, [
      { table: 'roles', column: 'name', before: null, after: wanted.name }, ...(wanted.description ? [{ table: 'roles', column: 'description', before: null, after: wanted.description }] : []),
      ...[...given.permissions].map((permission) => ({ table: 'roles', column: permissionPath(permission), before: false, after: true })), ...(from ? [{ table: 'roles', column: 'sees the same data as', before: null, after: from.name }] : [])
    ])
    return id
  })
}
