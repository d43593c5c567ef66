import { createHash } from 'node:crypto'
import { generateCode } from './passwords.ts'

/** Ten codes of almost 80 bits each, too many to try even by who holds their hashes. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: 10 }, () => generateCode(4))
}

/** The same for every way of typing a code. */
export function hashOfRecoveryCode(code: string): string {
  return createHash('sha256').update(code.toLowerCase().replace(/[^a-z0-9]/g, '')).digest('base64url')
}
