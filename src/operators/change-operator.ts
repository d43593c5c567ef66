import type { Db } from '../db/database.ts'
import { insertHistory, type ActItem } from '../history/queries.ts'
import { Invalid, NotAllowed } from '../problem.ts'
import { emailTaken } from './add-operators.ts'
import { mayGive, notGiven } from './authority.ts'
import { changeAccount, rolesOf } from './change-accounts.ts'
import { setRoles } from './queries.ts'
import { isEmailTaken, setEmail, setName } from './queries/accounts.ts'
import { deleteInvitation } from './queries/invitations.ts'

/**
 * Gives an operator a name, an e-mail and roles. Equal ones write nothing; answers whether something changed. Sessions go on,
 * but a one-time link does not: it may have gone to an address that was somebody else's.
 */
export async function changeOperator(db: Db, actorId: number, id: number, next: { name: string; email: string; roleIds: readonly number[] }): Promise<boolean> {
  return changeAccount(db, actorId, id, async ({ trx, who, roles, account, held }) => {
    const given = rolesOf(roles, next.roleIds)
    if (given.length !== next.roleIds.length) throw new Invalid('', { role: 'One of these roles is gone. Choose again.' })
    if (!given.every((role) => mayGive(who, role))) throw new NotAllowed(notGiven)
    if (await isEmailTaken(trx, next.email, id)) throw new Invalid('', { email: emailTaken })
    const items: ActItem[] = []
    if (next.name !== account.name) {
      await setName(trx, id, next.name)
      items.push({ table: 'operators', column: 'name', before: account.name, after: next.name })
    }
    if (next.email !== account.email) {
      await setEmail(trx, id, next.email)
      if (next.email.toLowerCase() !== account.email.toLowerCase()) await deleteInvitation(trx, id)
      items.push({ table: 'operators', column: 'e-mail', before: account.email, after: next.email })
    }
    if (given.length !== held.length || given.some((role) => !held.includes(role))) {
      await setRoles(trx, id, next.roleIds)
      items.push({ table: 'operators', column: 'roles', before: held.map((role) => role.name), after: given.map((role) => role.name) })
    }
    if (items.length) await insertHistory(trx, { kind: 'operator', title: titleOf(items, account.name), operator: who, items })
    return items.length > 0
  })
}

function titleOf(items: readonly ActItem[], name: string): string {
  const what = new Intl.ListFormat('en').format(items.map(({ column }) => column))
  return `${what.charAt(0).toUpperCase()}${what.slice(1)} of ${name} changed`
}
