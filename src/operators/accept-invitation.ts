import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { hashOfToken } from './invitation.ts'
import { hashPassword } from './passwords.ts'
import { deleteAttemptsOf, deleteSessionsOf, lockOperators, setPassword } from './queries.ts'
import { findInvited, takeInvitation, type Invited } from './queries/invitations.ts'

/** Sets a password by a one-time link, which is then used up, and ends all sessions. Undefined where the link does not work (any more). */
export async function acceptInvitation(db: Db, token: string, password: string): Promise<Invited | undefined> {
  const tokenHash = hashOfToken(token)
  const hash = await hashPassword(password)
  return db.transaction().execute(async (trx) => {
    // Of two at once the second waits here, and then finds nothing to take.
    await lockOperators(trx)
    const invited = await findInvited(trx, tokenHash)
    if (!invited || !(await takeInvitation(trx, tokenHash))) return undefined
    await setPassword(trx, invited.id, { hash, mustChange: false })
    await deleteSessionsOf(trx, invited.id)
    await deleteAttemptsOf(trx, 'account', invited.email.toLowerCase())
    await insertHistory(trx, { kind: 'operator', title: `${invited.name} set their password by a one-time link`, operator: invited })
    return invited
  })
}
