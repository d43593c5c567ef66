import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { Invalid } from '../problem.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { deleteAttemptsOf, deleteSessionsOf, findAccount, insertAttempt, setPassword } from './queries.ts'

/** Changes an operator's own password and ends all of their sessions; the caller opens a new one. */
export async function changePassword(db: Db, operator: { id: number; name: string; email: string }, passwords: { current: string; next: string }): Promise<void> {
  const subject = operator.email.toLowerCase()
  // A stolen session must not be a way to try passwords without limit.
  if ((await insertAttempt(db, { kind: 'account', subject, limit: 10, minutes: 15 })) === undefined) throw new Invalid('There were too many attempts. Wait 15 minutes, then try again.')
  const account = await findAccount(db, operator.email)
  if (!(await verifyPassword(passwords.current, account?.passwordHash))) throw new Invalid('', { current: 'This is not your current password.' })
  const hash = await hashPassword(passwords.next)
  await db.transaction().execute(async (trx) => {
    await setPassword(trx, operator.id, { hash, mustChange: false })
    await deleteAttemptsOf(trx, 'account', subject)
    await deleteSessionsOf(trx, operator.id)
    await insertHistory(trx, { kind: 'operator', title: `${operator.name} changed their own password`, operator })
  })
}
