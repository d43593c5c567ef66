import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A new token: the secret is shown once and kept nowhere, the others are what is kept. */
export interface NewToken { secret: string; prefix: string; hash: string }

const beginning = 'u360_'
const prefixLength = beginning.length + 6

/** 32 random bytes behind a word by which scanners of code know what they found. */
export function newToken(): NewToken {
  const secret = `${beginning}${randomBytes(32).toString('base64url')}`
  return { secret, prefix: prefixOf(secret), hash: hashOf(secret) }
}

/** A plain SHA-256 is enough: nobody can try all secrets of 32 random bytes. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** The part that is shown to know a token again; the rest is far too long to be guessed. */
export function prefixOf(secret: string): string {
  return secret.slice(0, prefixLength)
}

/** Could this be a secret that newToken made? */
export function looksLikeSecret(text: string): boolean {
  return /^u360_[A-Za-z0-9_-]{43}$/.test(text)
}

/** Whether the secret has this hash, in a time that tells nothing of how much of it is right. */
export function hasHash(secret: string, hash: string): boolean {
  const [own, kept] = [Buffer.from(hashOf(secret)), Buffer.from(hash)]
  return own.length === kept.length && timingSafeEqual(own, kept)
}
