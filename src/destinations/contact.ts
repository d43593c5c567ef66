import { decryptAes } from '../identities/aes.ts'
import { normalise } from '../identities/normalise.ts'
import type { UserDocument } from './sender.ts'

const readable: Record<'EMAIL' | 'MOBILE', RegExp> = {
  // No blank, no bracket, no comma, no quote: nothing that could make two addresses of one, or another line of a header.
  EMAIL: /^[^\s@<>()[\],;:"\\\p{C}]{1,64}@[^\s@<>()[\],;:"\\\p{C}]{1,253}$/u,
  MOBILE: /^\+?[0-9][0-9 ()-]{3,24}$/
}

/** Where a person can be written to: values of an ID type that are plain, or encrypted with the installation's key; each once, in the order of the document. */
export function contactOf({ ids }: Pick<UserDocument, 'ids'>, type: 'EMAIL' | 'MOBILE', aesKey: string | null): string[] {
  const plain = ids.filter((id) => id.type === type).flatMap(({ value, encryption }) => {
    const read = encryption === 'unencrypted' ? value : encryption === 'aes' && aesKey ? decryptAes(aesKey, value) : undefined
    return read === undefined ? [] : [normalise(type, read)]
  })
  return [...new Set(plain)].filter((value) => readable[type].test(value))
}
