import { createHash, timingSafeEqual } from 'node:crypto'

/** Are these two the same? In a time that tells nothing of how much of one is right, nor how long the other is. */
export function sameSecret(typed: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(typed), digest(secret))
}
