import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { NotAllowed } from '../problem.ts'
import { changeAccount } from './change-accounts.ts'
import { deleteSessionsOf } from './queries.ts'
import type { AccountRow } from './queries/accounts.ts'
import { deleteTwoStep } from './queries/two-step.ts'

/** Turns somebody's two-step sign-in off, for a lost phone, and signs them out everywhere. For administrators alone. */
export async function resetTwoStep(db: Db, actorId: number, id: number): Promise<AccountRow> {
  return changeAccount(db, actorId, id, async ({ trx, who, account }) => {
    if (!who.administrator) throw new NotAllowed('Only an administrator can reset two-step sign-in.')
    if (id === who.id) throw new NotAllowed('Your own two-step sign-in is turned off on your own page, with your password and a code.')
    if (!account.twoStep) return account
    await deleteTwoStep(trx, id)
    await deleteSessionsOf(trx, id)
    await insertHistory(trx, { kind: 'operator', title: `Two-step sign-in of ${account.name} reset`, operator: who })
    return account
  })
}
