import type { Transaction } from 'kysely'
import { permissionsOf, type Role } from '../access/role.ts'
import { listRoles } from '../access/queries.ts'
import type { Database, Db } from '../db/database.ts'
import { Conflict, Invalid, NotAllowed } from '../problem.ts'
import { mayChange, notChanged, type Authority } from './authority.ts'
import { countAdministrators, getAccount, type AccountRow } from './queries/accounts.ts'
import { findSignedIn, lockOperators } from './queries.ts'

export interface AccountChange { trx: Transaction<Database>; who: Authority; roles: readonly Role[] }

/**
 * Runs a change of accounts in a transaction of its own. No other one runs until it ends, and what the actor may do is read
 * inside it, so that of two operators who switch each other off one is too late.
 */
export async function changeAccounts<T>(db: Db, actorId: number, change: (during: AccountChange) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await lockOperators(trx)
    const roles = await listRoles(trx)
    const actor = await findSignedIn(trx, actorId)
    if (!actor) throw new NotAllowed('Your own account was switched off meanwhile. Nothing was changed.')
    const held = rolesOf(roles, actor.roleIds)
    if (!permissionsOf(held).has('operators')) throw new NotAllowed('Your roles do not include this any more.', 'operators')
    return change({ trx, roles, who: { id: actor.id, name: actor.name, held, administrator: held.some((role) => role.administrator) } })
  })
}

/** As `changeAccounts`, for one account that the actor may change. An administrator who can sign in is always left. */
export async function changeAccount<T>(db: Db, actorId: number, id: number, change: (during: AccountChange & { account: AccountRow; held: readonly Role[] }) => Promise<T>): Promise<T> {
  return changeAccounts(db, actorId, async (during) => {
    const account = await getAccount(during.trx, id)
    if (account.removedAt) throw new Conflict(`${account.name} was removed. Nothing was changed.`)
    const held = rolesOf(during.roles, account.roleIds)
    if (!mayChange(during.who, held)) throw new NotAllowed(notChanged)
    const before = await countAdministrators(during.trx)
    const result = await change({ ...during, account, held })
    if (before > 0 && (await countAdministrators(during.trx)) === 0) throw new Invalid(lastAdministrator, { role: lastAdministrator })
    return result
  })
}

const lastAdministrator = 'This is the last administrator who can sign in. Make somebody else one first.'

export function rolesOf(roles: readonly Role[], ids: readonly number[]): Role[] {
  return roles.filter((role) => ids.includes(role.id))
}
