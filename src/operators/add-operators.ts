import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { Invalid, NotAllowed } from '../problem.ts'
import { mayGive, notGiven } from './authority.ts'
import { changeAccounts, rolesOf } from './change-accounts.ts'
import { newInvitation } from './invitation.ts'
import { insertOperator } from './queries.ts'
import { listKnownEmails } from './queries/accounts.ts'
import { setInvitation } from './queries/invitations.ts'

export interface Person { name: string; email: string }
/** Somebody with a new one-time link; its token is told here, once. */
export interface Linked extends Person { id: number; token: string }

export const emailTaken = 'There is an account with this e-mail already.'

/** Adds operators who have no password yet. Answers them with their links, and who has an account already. */
export async function addOperators(db: Db, actorId: number, people: readonly Person[], roleIds: readonly number[]): Promise<{ added: Linked[]; existing: string[] }> {
  return changeAccounts(db, actorId, async ({ trx, who, roles }) => {
    const given = rolesOf(roles, roleIds)
    if (given.length !== roleIds.length) throw new Invalid('', { role: 'One of these roles is gone. Choose again.' })
    if (!given.every((role) => mayGive(who, role))) throw new NotAllowed(notGiven)
    const known = new Set(await listKnownEmails(trx, people.map(({ email }) => email)))
    const added: Linked[] = []
    for (const { name, email } of people) {
      if (known.has(email.toLowerCase())) continue
      const { token, ...kept } = newInvitation()
      const id = await insertOperator(trx, { name, email, passwordHash: null, mustChangePassword: false, roleIds })
      await setInvitation(trx, id, kept)
      await insertHistory(trx, { kind: 'operator', title: `Operator ${email} added, with a one-time link`, operator: who, items: [{ table: 'operators', column: 'roles', before: null, after: given.map((role) => role.name) }] })
      added.push({ id, name, email, token })
    }
    return { added, existing: people.filter(({ email }) => known.has(email.toLowerCase())).map(({ email }) => email) }
  })
}
