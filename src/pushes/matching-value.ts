import { createHash } from 'node:crypto'
import { trimBlanks } from '../sources/blanks.ts'
import { decryptAes } from '../identities/aes.ts'
import { normalise } from '../identities/normalise.ts'
import { asItIs } from './document.ts'
import type { Hash } from './push.ts'
import type { IdKind } from './queries/id-values.ts'

const hashed: Record<Hash, RegExp> = { md5: /^[0-9a-f]{32}$/, sha256: /^[0-9a-f]{64}$/ }

/** Why a value stands in no matching file: it is hashed the other way, or no hash and no text that can be read. */
export type LeftOut = 'other' | 'unreadable'

/** A value as it stands in a matching file: hashed after it was normalised, or the hash that it came as. */
export function matchingValue({ type, encryption }: Pick<IdKind, 'type' | 'encryption'>, value: string, hash: Hash, aesKey: string | null): { text: string } | { leftOut: LeftOut } {
  if (encryption === 'md5' || encryption === 'sha256') {
    const given = trimBlanks(value).toLowerCase()
    if (encryption !== hash || type === asItIs) return { leftOut: 'other' }
    return hashed[hash].test(given) ? { text: given } : { leftOut: 'unreadable' }
  }
  const plain = encryption === 'aes' ? (aesKey === null ? undefined : decryptAes(aesKey, value)) : value
  if (plain === undefined) return { leftOut: 'unreadable' }
  const normalised = normalise(type, plain)
  return { text: type === asItIs ? normalised : createHash(hash).update(normalised).digest('hex') }
}
