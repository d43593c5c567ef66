import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { keptSecret } from '../db/kept-secret.ts'
import type { SecretName } from './destination.ts'

/** What a key of the data folder does for destinations. */
export interface DestinationKeys {
  /** Encrypts a secret; it opens for its destination and its name alone. */
  seal(secret: string, destinationId: number, name: SecretName): string
  /** Undefined where it cannot be opened. */
  open(sealed: string, destinationId: number, name: SecretName): string | undefined
  /** Stands for an e-mail address in lists; the address cannot be read from it. */
  digest(address: string): Buffer
  /** A code for links by which an address unsubscribes. */
  token(address: string): string
  /** The digest of the address that a token is for, or undefined where it is none of ours. */
  digestOf(token: string): Buffer | undefined
}

const cipher = 'aes-256-gcm'

export async function destinationKeys(dataDir: string): Promise<DestinationKeys> {
  const secret = await keptSecret(dataDir, 'destination-key', 'Put the file back from a backup: without it, secrets of destinations have to be typed anew and people who unsubscribed are written to again.')
  const derive = (use: string) => Buffer.from(hkdfSync('sha256', secret, '', `user-360 ${use}`, 32))
  const [sealing, digests, tokens] = [derive('secrets of destinations'), derive('e-mail addresses'), derive('unsubscribing')]
  const owner = (id: number, name: SecretName) => Buffer.from(`destination ${id} ${name}`)
  const digest = (address: string) => createHmac('sha256', digests).update(address).digest()
  const proof = (of: Buffer) => createHmac('sha256', tokens).update(of).digest().subarray(0, 16)
  return {
    seal(text, id, name) {
      const nonce = randomBytes(12)
      const made = createCipheriv(cipher, sealing, nonce).setAAD(owner(id, name))
      const sealed = Buffer.concat([made.update(text, 'utf8'), made.final()])
      return [nonce, made.getAuthTag(), sealed].map((part) => part.toString('base64url')).join('.')
    },
    open(sealed, id, name) {
      const [nonce, tag, text] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'))
      if (!nonce || !tag || !text) return undefined
      try {
        const opening = createDecipheriv(cipher, sealing, nonce, { authTagLength: 16 }).setAAD(owner(id, name)).setAuthTag(tag)
        return Buffer.concat([opening.update(text), opening.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
    digest,
    token(address) { const of = digest(address); return Buffer.concat([of, proof(of)]).toString('base64url') },
    digestOf(token) {
      const bytes = Buffer.from(token, 'base64url')
      const of = bytes.subarray(0, 32)
      return /^[\w-]{64}$/.test(token) && timingSafeEqual(proof(of), bytes.subarray(32)) ? of : undefined
    }
  }
}
