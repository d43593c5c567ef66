import { createHmac } from 'node:crypto'
import { contactOf } from '../contact.ts'
import { renderMessage } from '../message.ts'
import { schemaVersion, type Outcome, type Outgoing, type SendContext, type UserDocument } from '../sender.ts'

/** A user whose part of the body is made, or what became of one that has none. */
export type Prepared = { userId: string; json: string } | Outcome

/** What stands in the body for each user: the document, or a text message with the number to which it goes. */
export function prepare(batch: readonly Outgoing[], { message }: SendContext, aesKey: string | null): Prepared[] {
  if (!message) return batch.map(({ userId, document }) => ({ userId, json: document }))
  return batch.map(({ userId, document }): Prepared => {
    const user = JSON.parse(document) as UserDocument
    const to = contactOf(user, 'MOBILE', aesKey)[0]
    if (!to) return { userId, status: 'refused', reason: 'There is no mobile number that can be read.' }
    return { userId, json: JSON.stringify({ userId, to, text: renderMessage(message, user.fields).text }) }
  })
}

/** The body of one request: docs/destinations.md describes it. */
export function bodyOf(users: readonly { json: string }[], { pushId, audienceId, message }: SendContext): string {
  const head = JSON.stringify({ schemaVersion, type: message ? 'messages' : 'users', pushId, audienceId })
  return `${head.slice(0, -1)},"${message ? 'messages' : 'users'}":[${users.map(({ json }) => json).join(',')}]}`
}

/** By which the receiver knows that a request is ours and new: HMAC-SHA256 over the time, a full stop and the body. */
export function signed(body: string, secret: string, key: string, now = Date.now()): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000))
  return { 'user360-timestamp': timestamp, 'user360-signature': `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`, 'idempotency-key': key }
}
