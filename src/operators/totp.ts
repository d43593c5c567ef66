import { Secret, TOTP } from 'otpauth'
import encodeQR from 'qr'

// What every authenticator app takes without being told.
const kind = { algorithm: 'SHA1', digits: 6, period: 30 } as const

export function newSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** The step to which a code belongs, now or one step beside it, as clocks differ; undefined for a code that is not right. */
export function stepOfCode(secret: string, code: string, now = Date.now()): number | undefined {
  const totp = new TOTP({ ...kind, secret: Secret.fromBase32(secret) })
  const delta = totp.validate({ token: code, window: 1, timestamp: now })
  return delta === null ? undefined : TOTP.counter({ period: kind.period, timestamp: now }) + delta
}

/** What an app reads from the picture: who this is for, and the secret. */
export function secretAddress(secret: string, issuer: string, email: string): string {
  return new TOTP({ ...kind, issuer, label: email, secret: Secret.fromBase32(secret) }).toString()
}

/** A picture of a text, as the address of an image. */
export function pictureOf(text: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(encodeQR(text, 'svg', { ecc: 'low', border: 4 })).toString('base64')}`
}
