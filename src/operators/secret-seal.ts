import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Encrypts secrets of authenticator apps. A sealed one opens for its owner alone, and not under another session secret. */
export interface SecretSeal {
  seal(secret: string, operatorId: number): string
  /** Undefined where it cannot be opened. */
  open(sealed: string, operatorId: number): string | undefined
}

const cipher = 'aes-256-gcm'

export function secretSeal(sessionSecret: string): SecretSeal {
  const key = Buffer.from(hkdfSync('sha256', sessionSecret, '', 'user-360 two-step secrets', 32))
  const owner = (operatorId: number) => Buffer.from(`operator ${operatorId}`)
  return {
    seal(secret, operatorId) {
      const nonce = randomBytes(12)
      const sealing = createCipheriv(cipher, key, nonce).setAAD(owner(operatorId))
      const text = Buffer.concat([sealing.update(secret, 'utf8'), sealing.final()])
      return [nonce, sealing.getAuthTag(), text].map((part) => part.toString('base64url')).join('.')
    },
    open(sealed, operatorId) {
      const [nonce, tag, text] = sealed.split('.').map((part) => Buffer.from(part, 'base64url'))
      if (!nonce || !tag || !text) return undefined
      try {
        const opening = createDecipheriv(cipher, key, nonce, { authTagLength: 16 }).setAAD(owner(operatorId)).setAuthTag(tag)
        return Buffer.concat([opening.update(text), opening.final()]).toString('utf8')
      } catch {
        return undefined
      }
    }
  }
}
