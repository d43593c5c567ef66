import type { Transaction } from 'kysely'
import { listRoles, listRolesOf } from '../access/queries.ts'
import type { Role } from '../access/role.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { getCatalog, raiseCatalogVersion } from '../catalog/queries.ts'
import type { Database, Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory, type ActItem } from '../history/queries.ts'
import { Conflict, NotAllowed, NotFound } from '../problem.ts'
import { ownOf, type Own } from './own.ts'
import { lockRoles } from './queries.ts'

export interface Actor { id: number; name: string }

export interface Roles {
  trx: Transaction<Database>; roles: readonly Role[]; own: Own; catalog: Catalog
  /** Leaves the entry, and lets the change hold for the next request of everybody. */
  record(title: string, items: ActItem[], sourceId?: number): Promise<void>
}

/** Runs a change of roles alone, with all of them as they are now and what the operator holds who asks for it. */
export async function changeRoles<T>(db: Db, operator: Actor, change: (all: Roles) => Promise<T>): Promise<T> {
  return shortChange(db, async (trx) => {
    await lockRoles(trx)
    const roles = await listRoles(trx)
    return change({
      trx, roles, own: ownOf(roles, await listRolesOf(trx, operator.id)), catalog: await getCatalog(trx),
      async record(title, items, sourceId) {
        await insertHistory(trx, { kind: 'role', title, operator, items, sourceId: sourceId ?? null })
        await raiseCatalogVersion(trx)
      }
    })
  })
}

/** Runs a change of one role that this operator may change. */
export async function changeRole<T>(db: Db, id: number, operator: Actor, change: (all: Roles, role: Role) => Promise<T>): Promise<T> {
  return changeRoles(db, operator, async (all) => {
    const role = all.roles.find((candidate) => candidate.id === id)
    if (!role) throw new NotFound(noRole)
    refuseHeld(all.own, role)
    if (role.administrator) throw new Conflict('The Administrator role may do and see everything. That cannot be changed.')
    return change(all, role)
  })
}

export const noRole = 'There is no such role.'

/** Nobody raises himself: a role that one holds is changed by administrators alone. */
export function refuseHeld(own: Own, role: Role): void {
  if (!own.administrator && (role.administrator || own.roleIds.includes(role.id))) throw new NotAllowed(`${role.administrator ? 'The Administrator role' : 'A role that you hold yourself'} can be changed by an administrator only.`)
}
