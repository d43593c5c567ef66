import { createHash, randomBytes } from 'node:crypto'

/** A one-time link: the token stands in it and nowhere else, the hash is what is kept. */
export interface Invitation { token: string; hash: string; expiresAt: Date }

export const invitationHours = 72

export function newInvitation(): Invitation {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: hashOfToken(token), expiresAt: new Date(Date.now() + invitationHours * 3_600_000) }
}

export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

export function invitationLink(origin: string, token: string): string {
  return `${origin}/invitations/${token}`
}
