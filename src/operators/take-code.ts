import type { Db } from '../db/database.ts'
import { deleteAttemptsOf, insertAttempt } from './queries.ts'
import { findTwoStepSecret, takeRecoveryCode, takeStep } from './queries/two-step.ts'
import type { SecretSeal } from './secret-seal.ts'
import { stepOfCode } from './totp.ts'

export type CodeAnswer = { by: 'app' | 'recovery code' } | { refused: 'wrong' | 'too many' | 'unreadable' }

/** Checks a code of the authenticator app or a recovery code and uses it up. Attempts are limited as those of passwords are. */
export async function takeCode(db: Db, secrets: SecretSeal, operatorId: number, typed: string): Promise<CodeAnswer> {
  const subject = `code ${operatorId}`
  if ((await insertAttempt(db, { kind: 'account', subject, limit: 10, minutes: 15 })) === undefined) return { refused: 'too many' }
  const answer = await check(db, secrets, operatorId, typed.replace(/\s/g, '').slice(0, 100))
  if ('by' in answer) await deleteAttemptsOf(db, 'account', subject)
  return answer
}

async function check(db: Db, secrets: SecretSeal, operatorId: number, code: string): Promise<CodeAnswer> {
  if (!/^\d{6}$/.test(code)) return (await takeRecoveryCode(db, operatorId, code)) ? { by: 'recovery code' } : { refused: 'wrong' }
  const sealed = await findTwoStepSecret(db, operatorId)
  const secret = sealed && secrets.open(sealed, operatorId)
  if (secret === undefined) return { refused: sealed ? 'unreadable' : 'wrong' }
  const step = stepOfCode(secret, code)
  return step !== undefined && (await takeStep(db, operatorId, step)) ? { by: 'app' } : { refused: 'wrong' }
}

/** What is said of a code that is not taken. */
export const refusedCodes = {
  'wrong': 'This code is not right, or was used before. Wait for the next one.',
  'too many': 'There were too many attempts. Wait 15 minutes, then try again.',
  'unreadable': 'Codes of your app cannot be checked any more, since the key of this console was changed. Use a recovery code, or ask an administrator to reset two-step sign-in.'
}
