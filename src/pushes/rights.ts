import type { Access } from '../access/access.ts'
import { may, permissionPath } from '../access/permissions.ts'
import { getCatalog } from '../catalog/queries.ts'
import type { Db } from '../db/database.ts'
import { mayUse, type Destination } from '../destinations/destination.ts'
import { currentRights } from '../operators/current-rights.ts'
import { pushableTypes } from './document.ts'
import type { Push } from './push.ts'

/** Who set a push up may not do this any more: it runs no more until somebody does something about it. */
export class Paused extends Error {}

/** What who set a push up may see now, asked anew each time. Throws Paused where that, or what they may do, is not enough for it. Call it on the snapshot that is read. */
export async function rightsFor(snapshot: Db, push: Push, destination: Pick<Destination, 'roleIds'>): Promise<Access> {
  const who = push.operator.name
  const rights = await currentRights(snapshot, await getCatalog(snapshot), push.operator.id)
  if (!rights) throw new Paused(`The account of ${who} was switched off or removed. A push sends what who set it up may see.`)
  const needed = push.message ? 'audiences.reach' : 'audiences.push'
  if (!may(rights, needed)) throw new Paused(`The roles of ${who} do not include “${permissionPath(needed)}” any more.`)
  if (!mayUse(rights, destination)) throw new Paused(`${who} may not use this destination any more.`)
  if (push.person === null && (push.audience.id === null || !rights.access.audience(push.audience.id))) throw new Paused(`The audience is gone, or ${who} may not know of it any more.`)
  if (pushableTypes(rights.access, push.idTypes).length === 0) throw new Paused(`${who} sees none of the ID types any more that were to be sent.`)
  return rights.access
}
