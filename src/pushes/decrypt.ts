import type { UserDocument } from '../destinations/sender.ts'
import { decryptAes } from '../identities/aes.ts'
import type { DocumentShape } from './document.ts'

/** Whether any value of the documents comes encrypted with the key of the installation. */
export function holdsAes(shape: DocumentShape): boolean {
  return shape.ids.some(({ places }) => places.some(({ encryption }) => encryption === 'aes'))
}

/** The items of a list of IDs with AES values in plain, each value once; those that the key does not open are left out. */
export function decryptIds(items: string, aesKey: string | null): UserDocument['ids'] {
  const seen = new Set<string>()
  const plain = (JSON.parse(`[${items}]`) as UserDocument['ids']).flatMap((id) => {
    if (id.encryption !== 'aes') return [id]
    const value = aesKey === null ? undefined : decryptAes(aesKey, id.value)
    return value === undefined ? [] : [{ ...id, value, encryption: 'unencrypted' }]
  })
  return plain.filter((id) => { const key = JSON.stringify(id); return !seen.has(key) && seen.add(key) })
}
