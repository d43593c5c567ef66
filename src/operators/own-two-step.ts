import type { Db } from '../db/database.ts'
import { insertHistory } from '../history/queries.ts'
import { Conflict, Invalid } from '../problem.ts'
import { verifyPassword } from './passwords.ts'
import { deleteAttemptsOf, deleteSessionsOf, findAccount, insertAttempt } from './queries.ts'
import { deleteTwoStep, setRecoveryCodes, setTwoStep } from './queries/two-step.ts'
import { newRecoveryCodes } from './recovery-codes.ts'
import type { SecretSeal } from './secret-seal.ts'
import { refusedCodes, takeCode } from './take-code.ts'
import { stepOfCode } from './totp.ts'

interface Self { id: number; name: string; email: string }
export interface Proof { password: string; code: string }

/** Turns one's own two-step sign-in on, proved by a first code, and ends all sessions. Answers the recovery codes; the caller opens a new session. */
export async function turnOnTwoStep(db: Db, secrets: SecretSeal, self: Self, secret: string, code: string): Promise<string[]> {
  const subject = `code ${self.id}`
  if ((await insertAttempt(db, { kind: 'account', subject, limit: 10, minutes: 15 })) === undefined) throw new Invalid('', { code: refusedCodes['too many'] })
  const step = stepOfCode(secret, code.replace(/\s/g, ''))
  if (step === undefined) throw new Invalid('', { code: 'This is not the code that the app shows. Is the clock of your phone right?' })
  const codes = newRecoveryCodes()
  await db.transaction().execute(async (trx) => {
    if (!(await setTwoStep(trx, self.id, { sealed: secrets.seal(secret, self.id), step }))) throw new Conflict('Two-step sign-in is on already. Turn it off first.')
    await setRecoveryCodes(trx, self.id, codes)
    await deleteSessionsOf(trx, self.id)
    await deleteAttemptsOf(trx, 'account', subject)
    await insertHistory(trx, { kind: 'operator', title: `${self.name} turned on two-step sign-in`, operator: self })
  })
  return codes
}

/** Turns one's own two-step sign-in off. */
export async function turnOffTwoStep(db: Db, secrets: SecretSeal, self: Self, proof: Proof): Promise<void> {
  await prove(db, secrets, self, proof)
  await db.transaction().execute(async (trx) => {
    await deleteTwoStep(trx, self.id)
    await insertHistory(trx, { kind: 'operator', title: `${self.name} turned off two-step sign-in`, operator: self })
  })
}

/** Makes new recovery codes in place of those before. */
export async function renewRecoveryCodes(db: Db, secrets: SecretSeal, self: Self, proof: Proof): Promise<string[]> {
  await prove(db, secrets, self, proof)
  const codes = newRecoveryCodes()
  await db.transaction().execute(async (trx) => {
    await setRecoveryCodes(trx, self.id, codes)
    await insertHistory(trx, { kind: 'operator', title: `${self.name} made new recovery codes`, operator: self })
  })
  return codes
}

// A session that was left open must not be enough. The password comes first, so that a wrong one uses no code up.
async function prove(db: Db, secrets: SecretSeal, self: Self, { password, code }: Proof): Promise<void> {
  const subject = self.email.toLowerCase()
  if ((await insertAttempt(db, { kind: 'account', subject, limit: 10, minutes: 15 })) === undefined) throw new Invalid('', { password: refusedCodes['too many'] })
  if (!(await verifyPassword(password.slice(0, 201), (await findAccount(db, self.email))?.passwordHash))) throw new Invalid('', { password: 'This is not your password.' })
  const answer = await takeCode(db, secrets, self.id, code)
  if ('refused' in answer) throw new Invalid('', { code: refusedCodes[answer.refused] })
  await deleteAttemptsOf(db, 'account', subject)
}
