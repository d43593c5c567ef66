import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { Conflict, NotFound } from '../problem.ts'
import { generateCode, hashPassword } from './passwords.ts'
import { administratorRole, deleteAttemptsOf, deleteSessionsOf, findAccount, insertOperator, lockOperators, setPassword } from './queries.ts'

/** Makes an account from the command line. Answers its one-time password, to be changed at the first sign-in. */
export async function addOperator(db: Db, operator: { email: string; name: string }): Promise<string> {
  const password = generateCode(4)
  const passwordHash = await hashPassword(password)
  await db.transaction().execute(async (trx) => {
    await lockOperators(trx)
    if (await findAccount(trx, operator.email)) throw new Conflict(`There is an account for ${operator.email} already. Use "reset" to give it a new password.`)
    await insertOperator(trx, { ...operator, passwordHash, mustChangePassword: true, roleIds: [await administratorRole(trx)] })
    await insertHistory(trx, { kind: 'operator', title: `The account ${operator.email} was made from the command line`, operator: null })
  })
  return password
}

/** A new one-time password for somebody who is locked out; ends their sessions and forgets their failed attempts. */
export async function resetPassword(db: Db, email: string): Promise<string> {
  const password = generateCode(4)
  const hash = await hashPassword(password)
  await db.transaction().execute(async (trx) => {
    const account = await findAccount(trx, email)
    if (!account) throw new NotFound(`There is no account for ${email}. Use "add" to make it.`)
    await setPassword(trx, account.id, { hash, mustChange: true })
    await deleteSessionsOf(trx, account.id)
    await deleteAttemptsOf(trx, 'account', account.email.toLowerCase())
    await insertHistory(trx, { kind: 'operator', title: `The password of ${account.email} was reset from the command line`, operator: null })
  })
  return password
}
