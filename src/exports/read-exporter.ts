import type { Access } from '../access/access.ts'
import { may } from '../access/permissions.ts'
import { listRoles } from '../access/queries.ts'
import { accessOf, permissionsOf } from '../access/role.ts'
import { getCatalog } from '../catalog/queries.ts'
import type { Db } from '../db/database.ts'
import { readSnapshot } from '../db/snapshot.ts'
import { findSignedIn } from '../operators/queries.ts'

/** Who a file is made for, as their roles are now. */
export interface Exporter { mayExport: boolean; access: Access }

/** Undefined where the account is gone or switched off. */
export async function readExporter(db: Db, operatorId: number): Promise<Exporter | undefined> {
  return readSnapshot(db, async (snapshot) => {
    const operator = await findSignedIn(snapshot, operatorId)
    if (!operator) return undefined
    const roles = await listRoles(snapshot)
    const held = roles.filter((role) => operator.roleIds.includes(role.id))
    return { mayExport: may({ permissions: permissionsOf(held) }, 'user_360.export'), access: accessOf(await getCatalog(snapshot), roles, operator.roleIds) }
  })
}
