import type { Db } from '../db/database.ts'
import { deleteChoices } from '../exports/queries.ts'
import { insertHistory } from '../history/queries.ts'
import { changeAccount } from '../operators/change-accounts.ts'
import { deleteAttemptsOf, deleteSessionsOf, setRoles } from '../operators/queries.ts'
import { setRemoved, type AccountRow } from '../operators/queries/accounts.ts'
import { deleteInvitation } from '../operators/queries/invitations.ts'
import { deleteTwoStep } from '../operators/queries/two-step.ts'
import { Invalid } from '../problem.ts'
import { setTokensWithdrawn } from '../tokens/queries.ts'

export const notYourself = 'Nobody can remove their own account. Ask another operator.'

/**
 * Removes an operator for good, with everything by which they could come in. The name stays for whatever carries it, the e-mail is
 * free for a new account. Throws Invalid for oneself and for the last administrator who can sign in.
 */
export async function removeOperator(db: Db, actorId: number, id: number): Promise<AccountRow> {
  return changeAccount(db, actorId, id, async ({ trx, who, account, held }) => {
    if (id === who.id) throw new Invalid(notYourself)
    await deleteSessionsOf(trx, id)
    await deleteInvitation(trx, id)
    await deleteTwoStep(trx, id)
    await setRoles(trx, id, [])
    for (const subject of [account.email.toLowerCase(), `code ${id}`]) await deleteAttemptsOf(trx, 'account', subject)
    await deleteChoices(trx, id)
    const tokens = await setTokensWithdrawn(trx, id)
    await setRemoved(trx, id)
    await insertHistory(trx, {
      kind: 'operator', title: `Operator ${account.name} removed`, operator: who,
      items: [
        { table: 'operators', column: 'e-mail', before: account.email, after: null }, { table: 'operators', column: 'roles', before: held.map((role) => role.name), after: null },
        ...(tokens ? [{ table: 'operators', column: 'tokens', before: tokens, after: null }] : [])
      ]
    })
    return account
  })
}
