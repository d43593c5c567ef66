import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { Invalid } from '../problem.ts'
import type { Linked } from './add-operators.ts'
import { changeAccount } from './change-accounts.ts'
import { newInvitation } from './invitation.ts'
import { setInvitation } from './queries/invitations.ts'

/** Makes a new one-time link for an operator, in place of the one before. The password stays until the link is used. */
export async function inviteOperator(db: Db, actorId: number, id: number): Promise<Linked> {
  return changeAccount(db, actorId, id, async ({ trx, who, account }) => {
    if (account.disabled) throw new Invalid('This account is switched off. Switch it on again first.')
    const { token, ...kept } = newInvitation()
    await setInvitation(trx, id, kept)
    await insertHistory(trx, { kind: 'operator', title: `A one-time link for ${account.name} made`, operator: who })
    return { id, name: account.name, email: account.email, token }
  })
}
