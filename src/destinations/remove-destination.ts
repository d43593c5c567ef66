import { listRoles } from '../access/queries.ts'
import type { Db } from '../db/database.ts'
import { shortChange } from '../db/short-change.ts'
import { insertHistory } from '../history/queries.ts'
import { Conflict } from '../problem.ts'
import type { Destination } from './destination.ts'
import { countUses, deleteDestination, lockDestination } from './queries.ts'
import { itemsOf, type Actor } from './save-destination.ts'
import { formatCount } from '../format.ts'

/** Why a destination cannot be deleted now, or ''. */
export function deletionRefusal(uses: number): string {
  return uses > 0 ? `${formatCount(uses, 'push uses', 'pushes use')} this destination. Remove ${uses === 1 ? 'it' : 'them'} first.` : ''
}

/** Deletes a destination that no push uses, with its secrets. */
export async function removeDestination(db: Db, id: number, operator: Actor): Promise<Destination> {
  return shortChange(db, async (trx) => {
    const destination = await lockDestination(trx, id)
    const refusal = deletionRefusal(await countUses(trx, id))
    if (refusal) throw new Conflict(`${refusal} Nothing was deleted.`)
    await deleteDestination(trx, id)
    await insertHistory(trx, { kind: 'settings', title: `Destination ${destination.name} deleted`, operator, items: itemsOf(destination, undefined, new Map((await listRoles(trx)).map((role) => [role.id, role.name])), []) })
    return destination
  })
}
