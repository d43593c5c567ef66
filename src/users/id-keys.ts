import type { Access } from '../access/access.ts'
import { decryptAes } from '../identities/aes.ts'
import { candidateKeys } from '../identities/normalise.ts'
import type { IdKeys } from './queries/identity.ts'

/** Every way a typed value may be stored: plain, hashed, or as the AES text that a source holds. */
export function idKeysOf(access: Access, aesKey: string | null): IdKeys {
  return (value, idType) => access.idTypes.filter((type) => !idType || type.code === idType).flatMap((type) => {
    const plain = aesKey ? decryptAes(aesKey, value) : undefined
    const keys = [...candidateKeys(type.code, value), ...(plain ? candidateKeys(type.code, plain) : [])]
    return [...new Set(keys)].map((key) => ({ idType: type.id, key }))
  })
}
