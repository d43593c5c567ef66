import type { Access } from '../access/access.ts'
import type { Db } from '../db/database.ts'
import type { Actor } from '../history/queries.ts'
import { decryptAes } from '../identities/aes.ts'
import type { KeySeal } from '../identities/key-seal.ts'
import { candidateKeys } from '../identities/normalise.ts'
import { lookUp } from './look-up.ts'
import type { IdKeys } from './queries/identity.ts'
import { conditionOf, type UserQuery } from './user-query.ts'

/** Every way a typed value may be stored: plain, hashed, or as the AES text that a source holds. */
export function idKeysOf(access: Access, aesKey: string | null, masked = false): IdKeys {
  return Object.assign((value: string, idType?: string) => access.idTypes.filter((type) => !idType || type.code === idType).flatMap((type) => {
    const plain = aesKey ? decryptAes(aesKey, value) : undefined
    const keys = [...candidateKeys(type.code, value), ...(plain ? candidateKeys(type.code, plain) : [])]
    return [...new Set(keys)].map((key) => ({ idType: type.id, key }))
  }), { masked })
}

/** The same for a query of an operator: with masked columns where lookUp allows them. Throws Invalid beyond its limit. */
export async function idKeysFor({ db, aesKey, keySeal }: { db: Db; aesKey: string | null; keySeal: KeySeal }, access: Access, operator: Actor, query: UserQuery): Promise<IdKeys> {
  return idKeysOf(access, aesKey, await lookUp(db, keySeal, access, operator, conditionOf(query)))
}
