import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { Invalid } from '../problem.ts'
import { changeAccount } from './change-accounts.ts'
import { deleteSessionsOf } from './queries.ts'
import { setDisabled, type AccountRow } from './queries/accounts.ts'
import { deleteInvitation } from './queries/invitations.ts'

/** Switches an account off or on again. Off: it is signed out everywhere, and its one-time link is worth nothing any more. */
export async function switchOperator(db: Db, actorId: number, id: number, on: boolean): Promise<AccountRow> {
  return changeAccount(db, actorId, id, async ({ trx, who, account }) => {
    if (!on && id === who.id) throw new Invalid('Nobody can switch off their own account. Ask another operator.')
    if (account.disabled !== on) return account
    await setDisabled(trx, id, !on)
    if (!on) {
      await deleteSessionsOf(trx, id)
      await deleteInvitation(trx, id)
    }
    await insertHistory(trx, { kind: 'operator', title: `${account.name} switched ${on ? 'on again' : 'off'}`, operator: who })
    return account
  })
}
