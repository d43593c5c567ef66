import { listRoles } from '../access/queries.ts'
import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { Conflict, NotFound } from '../problem.ts'
import { generateCode, hashPassword } from './passwords.ts'
import { administratorRole, deleteAttemptsOf, deleteSessionsOf, findAccount, insertOperator, lockOperators, setPassword } from './queries.ts'
import { findRemoval } from './queries/accounts.ts'
import { deleteTwoStep } from './queries/two-step.ts'

/** Makes an account from the command line, with a role that is there; administrator where none is named. Answers its one-time password, to be changed at the first sign-in. */
export async function addOperator(db: Db, operator: { email: string; name: string; role?: string | undefined }): Promise<string> {
  const password = generateCode(4)
  const passwordHash = await hashPassword(password)
  await db.transaction().execute(async (trx) => {
    await lockOperators(trx)
    if (await findAccount(trx, operator.email)) throw new Conflict(`There is an account for ${operator.email} already. Use "reset" to give it a new password.`)
    await insertOperator(trx, { email: operator.email, name: operator.name, passwordHash, mustChangePassword: true, roleIds: [await roleNamed(trx, operator.role)] })
    await insertHistory(trx, { kind: 'operator', title: `The account ${operator.email} was made from the command line`, operator: null })
  })
  return password
}

async function roleNamed(db: Db, name: string | undefined): Promise<number> {
  if (name === undefined) return administratorRole(db)
  const roles = await listRoles(db)
  const role = roles.find((one) => one.name.toLowerCase() === name.trim().toLowerCase())
  if (!role) throw new NotFound(`There is no role ${name}. There are: ${roles.map((one) => one.name).join(', ')}.`)
  return role.id
}

/** A new one-time password for somebody who is locked out, without two-step sign-in if that is wanted; ends their sessions and forgets their failed attempts. */
export async function resetPassword(db: Db, email: string, { twoStep = false } = {}): Promise<string> {
  const password = generateCode(4)
  const hash = await hashPassword(password)
  await db.transaction().execute(async (trx) => {
    const account = await findAccount(trx, email)
    if (!account) {
      const removed = await findRemoval(trx, email)
      throw new NotFound(removed ? `The account of ${email} was removed on ${removed.toISOString().slice(0, 10)}, for good. Use "add" to make a new one; what the old one did stays under its name.` : `There is no account for ${email}. Use "add" to make it.`)
    }
    await setPassword(trx, account.id, { hash, mustChange: true })
    if (twoStep) await deleteTwoStep(trx, account.id)
    await deleteSessionsOf(trx, account.id)
    await deleteAttemptsOf(trx, 'account', account.email.toLowerCase())
    await insertHistory(trx, { kind: 'operator', title: `The password ${twoStep ? 'and two-step sign-in ' : ''}of ${account.email} ${twoStep ? 'were' : 'was'} reset from the command line`, operator: null })
  })
  return password
}
