import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { verifyPassword } from './passwords.ts'
import { deleteAttempt, deleteAttemptsOf, deleteOldAttempts, findAccount, insertAttempt, setLastSeen } from './queries.ts'

export type SignInAnswer = { operatorId: number } | { refused: 'wrong' | 'too many' }

// An office shares one address; one account belongs to one person.
const limits = { account: { limit: 10, minutes: 15 }, address: { limit: 60, minutes: 15 } } as const

/** Checks e-mail and password. An unknown account, a switched off one and a wrong password get the same answer in the same time. */
export async function signIn(db: Db, attempt: { email: string; password: string; address: string }): Promise<SignInAnswer> {
  const subject = attempt.email.trim().toLowerCase().slice(0, 254)
  const ofAddress = await insertAttempt(db, { kind: 'address', subject: attempt.address, ...limits.address })
  if (ofAddress === undefined) return { refused: 'too many' }
  if ((await insertAttempt(db, { kind: 'account', subject, ...limits.account })) === undefined) return { refused: 'too many' }
  const account = await findAccount(db, subject)
  const right = await verifyPassword(attempt.password.slice(0, 201), account && !account.disabled ? account.passwordHash : undefined)
  if (!right || !account) return { refused: 'wrong' }
  await deleteAttemptsOf(db, 'account', subject)
  await deleteAttempt(db, 'address', attempt.address, ofAddress)
  await deleteOldAttempts(db)
  await db.transaction().execute(async (trx) => {
    await setLastSeen(trx, account.id)
    await insertHistory(trx, { kind: 'sign_in', title: 'Signed in', operator: { id: account.id, name: account.name } })
  })
  return { operatorId: account.id }
}

/** May this address try the set-up code once more? Short codes must not be guessed. */
export async function mayTryCode(db: Db, address: string): Promise<boolean> {
  return (await insertAttempt(db, { kind: 'address', subject: `set-up ${address}`, limit: 20, minutes: 15 })) !== undefined
}
