import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Encrypts texts with one key. A sealed one opens for the owner it was sealed for alone. */
export interface Sealing {
  seal(text: string, owner: string): string
  /** Undefined where it cannot be opened. */
  open(sealed: string, owner: string): string | undefined
}

const cipher = 'aes-256-gcm'

/** `key`: 32 bytes. */
export function sealingWith(key: Buffer): Sealing {
  return {
    seal(text, owner) {
      const nonce = randomBytes(12)
      const sealing = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(owner))
      const sealed = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()])
      return [nonce, sealing.getAuthTag(), sealed].map((part) => part.toString('base64url')).join('.')
    },
    open(sealed, owner) {
      const [nonce, tag, text] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'))
      if (!nonce || !tag || !text) return undefined
      try {
        const opening = createDecipheriv(cipher, key, nonce, { authTagLength: 16 }).setAAD(Buffer.from(owner)).setAuthTag(tag)
        return Buffer.concat([opening.update(text), opening.final()]).toString('utf8')
      } catch {
        return undefined
      }
    }
  }
}
