import type { Db } from '../db/database.ts'
import { insertHistory, type ActItem } from '../history/queries.ts'
import { Invalid, NotAllowed } from '../problem.ts'
import { mayGive, notGiven } from './authority.ts'
import { changeAccount, rolesOf } from './change-accounts.ts'
import { setRoles } from './queries.ts'
import { setName } from './queries/accounts.ts'

/** Gives an operator a name and roles. Equal ones write nothing; answers whether something changed. */
export async function changeOperator(db: Db, actorId: number, id: number, next: { name: string; roleIds: readonly number[] }): Promise<boolean> {
  return changeAccount(db, actorId, id, async ({ trx, who, roles, account, held }) => {
    const given = rolesOf(roles, next.roleIds)
    if (given.length !== next.roleIds.length) throw new Invalid('', { role: 'One of these roles is gone. Choose again.' })
    if (!given.every((role) => mayGive(who, role))) throw new NotAllowed(notGiven)
    const items: ActItem[] = []
    if (next.name !== account.name) {
      await setName(trx, id, next.name)
      items.push({ table: 'operators', column: 'name', before: account.name, after: next.name })
    }
    if (given.length !== held.length || given.some((role) => !held.includes(role))) {
      await setRoles(trx, id, next.roleIds)
      items.push({ table: 'operators', column: 'roles', before: held.map((role) => role.name), after: given.map((role) => role.name) })
    }
    if (items.length) await insertHistory(trx, { kind: 'operator', title: `${items.map((item) => (item.column === 'name' ? 'Name' : 'Roles')).join(' and ')} of ${account.name} changed`, operator: who, items })
    return items.length > 0
  })
}
