import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { verifyPassword } from './passwords.ts'
import { deleteAttempt, deleteAttemptsOf, deleteOldAttempts, findAccount, findSignedIn, insertAttempt, setLastSeen } from './queries.ts'
import type { SecretSeal } from './secret-seal.ts'
import { takeCode, type CodeAnswer } from './take-code.ts'

export type SignInAnswer = { id: number; name: string; twoStep: boolean } | { refused: 'wrong' | 'too many' }

// An office shares one address; one account belongs to one person.
const limits = { account: { limit: 10, minutes: 15 }, address: { limit: 60, minutes: 15 } } as const

/** Checks e-mail and password; where two-step sign-in is on, nobody is signed in before `confirmSignIn`. An unknown account, a switched off one and a wrong password get the same answer in the same time. */
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
  if (!account.twoStep) await recordSignIn(db, account)
  return account
}

/** Checks the code that is the second step. The account may have been switched off or signed out everywhere since the first. */
export async function confirmSignIn(db: Db, secrets: SecretSeal, { operatorId, since }: { operatorId: number; since: number }, code: string): Promise<CodeAnswer> {
  const account = await findSignedIn(db, operatorId)
  if (!account || since < (account.signedOutAt?.getTime() ?? 0)) return { refused: 'wrong' }
  const answer = await takeCode(db, secrets, operatorId, code)
  if ('by' in answer) await recordSignIn(db, account, answer.by === 'app' ? 'Signed in' : 'Signed in with a recovery code')
  return answer
}

/** Notes in the history that somebody is in now. */
export async function recordSignIn(db: Db, { id, name }: { id: number; name: string }, title = 'Signed in'): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await setLastSeen(trx, id)
    await insertHistory(trx, { kind: 'sign_in', title, operator: { id, name } })
  })
}

/** May this address try the set-up code once more? Short codes must not be guessed. */
export async function mayTryCode(db: Db, address: string): Promise<boolean> {
  return (await insertAttempt(db, { kind: 'address', subject: `set-up ${address}`, limit: 20, minutes: 15 })) !== undefined
}
