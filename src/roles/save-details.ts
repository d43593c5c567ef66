import type { Db } from '../db/database.ts'
import type { ActItem } from '../history/queries.ts'
import type { Role } from '../access/role.ts'
import { Invalid, NotFound } from '../problem.ts'
import { changeRoles, noRole, refuseHeld, type Actor } from './change-role.ts'
import { nothing, refuseExcess } from './own.ts'
import { isRoleNameTaken, setDetails } from './queries.ts'
import { refuseStale, seenOf } from './role-state.ts'

export interface Details { name: string; description: string; isDefault: boolean; needsTwoStep: boolean }

export const nameTaken = { name: 'Another role has this name.' }

/** Renames and describes a role, makes it the default and says whether it needs two steps to sign in; of the administrators' only the last. */
export async function saveDetails(db: Db, id: number, wanted: Details & { seen: string }, operator: Actor): Promise<Role> {
  return changeRoles(db, operator, async ({ trx, roles, own, catalog, record }) => {
    const role = roles.find((candidate) => candidate.id === id)
    if (!role) throw new NotFound(noRole)
    refuseHeld(own, role)
    refuseStale(wanted.seen, seenOf.details(role))
    const after: Details = role.administrator ? { name: role.name, description: role.description, isDefault: false, needsTwoStep: wanted.needsTwoStep } : wanted
    if (await isRoleNameTaken(trx, after.name, id)) throw new Invalid('The role cannot be saved.', nameTaken)
    // Whoever is added next would have it.
    if (after.isDefault && !role.isDefault) refuseExcess(own, nothing, role, catalog)
    const items = itemsOf(role, after, roles.find((one) => one.isDefault)?.name ?? null)
    if (items.length === 0) return role
    await setDetails(trx, id, after)
    await record(`Role ${role.name} changed`, items)
    return role
  })
}

const labels: Record<keyof Details, string> = { name: 'name', description: 'description', isDefault: 'default for new operators', needsTwoStep: 'needs two-step sign-in' }

/** The default is one of all roles: what it was before and what it is then. */
function itemsOf(before: Details, after: Details, defaultNow: string | null): ActItem[] {
  return (Object.keys(labels) as (keyof Details)[]).filter((key) => before[key] !== after[key]).map((key) => ({
    table: 'roles', column: labels[key], ...(key === 'isDefault' ? { before: defaultNow, after: after.isDefault ? after.name : null } : { before: before[key], after: after[key] })
  }))
}
