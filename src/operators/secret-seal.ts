import { hkdfSync } from 'node:crypto'
import { sealingWith } from '../db/sealing.ts'

/** Encrypts secrets of authenticator apps. A sealed one opens for its owner alone, and not under another session secret. */
export interface SecretSeal {
  seal(secret: string, operatorId: number): string
  /** Undefined where it cannot be opened. */
  open(sealed: string, operatorId: number): string | undefined
}

export function secretSeal(sessionSecret: string): SecretSeal {
  const sealing = sealingWith(Buffer.from(hkdfSync('sha256', sessionSecret, '', 'user-360 two-step secrets', 32)))
  const owner = (operatorId: number) => `operator ${operatorId}`
  return { seal: (secret, operatorId) => sealing.seal(secret, owner(operatorId)), open: (sealed, operatorId) => sealing.open(sealed, owner(operatorId)) }
}
