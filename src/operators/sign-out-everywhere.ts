import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { changeAccount } from './change-accounts.ts'
import { deleteSessionsOf } from './queries.ts'
import type { AccountRow } from './queries/accounts.ts'

/** Ends every session of an operator. */
export async function signOutEverywhere(db: Db, actorId: number, id: number): Promise<AccountRow> {
  return changeAccount(db, actorId, id, async ({ trx, who, account }) => {
    await deleteSessionsOf(trx, id)
    await insertHistory(trx, { kind: 'operator', title: `${account.name} signed out everywhere`, operator: who })
    return account
  })
}
