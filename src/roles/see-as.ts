import { listRoles } from '../access/queries.ts'
import type { Role } from '../access/role.ts'
import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { NotAllowed, NotFound } from '../problem.ts'
import { noRole, type Actor } from './change-role.ts'

type Holder = Actor & { roleIds: readonly number[] }

/** Begins to look through the eyes of a role, and says so in the history. The operator's own roles decide, not those he looks through already. */
export async function beginSeeing(db: Db, roleId: number, operator: Holder): Promise<Role> {
  const roles = await listRoles(db)
  if (!roles.some((role) => role.administrator && operator.roleIds.includes(role.id))) throw new NotAllowed('Only administrators can look through the eyes of a role.')
  const role = roles.find((candidate) => candidate.id === roleId)
  if (!role) throw new NotFound(noRole)
  await insertHistory(db, { kind: 'role', title: `Began to look through the eyes of the role ${role.name}`, operator: { id: operator.id, name: operator.name } })
  return role
}

export async function endSeeing(db: Db, roleName: string, operator: Actor): Promise<void> {
  await insertHistory(db, { kind: 'role', title: `Stopped looking through the eyes of the role ${roleName}`, operator: { id: operator.id, name: operator.name } })
}
