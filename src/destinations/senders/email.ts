import type { Outside } from '../../config.ts'
import type { Db } from '../../db/database.ts'
import { contactOf } from '../contact.ts'
import type { EmailSettings, Secrets } from '../destination.ts'
import type { Message } from '../message.ts'
import { getAddressState, insertMailed, insertRefusedAddress, type AddressState } from '../queries/addresses.ts'
import type { DestinationKeys } from '../seal.ts'
import type { Outcome, Outgoing, SendContext, Sender, UserDocument } from '../sender.ts'
import { composeMail } from './compose-mail.ts'
import { openMailServer, verdictOn } from './mail-server.ts'
import { takeTurn } from './pace.ts'

export interface EmailTools { db: Db; keys: DestinationKeys; outside: Outside; aesKey: string | null }

interface Recipient { user: UserDocument; userId: string; addresses: { address: string; digest: Buffer; known: string }[] }

/** One mail per user and per address, at the pace of the destination; whom it may not or cannot reach is refused with the reason. */
export function openEmail(destination: { id: number; settings: EmailSettings }, secrets: Secrets, context: SendContext & { message: Message }, tools: EmailTools): Sender {
  const { id, settings } = destination
  const { db, keys, outside, aesKey } = tools
  const { transport, from } = openMailServer(settings, secrets, outside)
  const frame = { from, settings, keys, publicUrl: outside.publicUrl }

  function recipientOf({ userId, document }: Outgoing): Recipient {
    const user = JSON.parse(document) as UserDocument
    return { user, userId, addresses: contactOf(user, 'EMAIL', aesKey).map((address) => { const digest = keys.digest(address); return { address, digest, known: digest.toString('hex') } }) }
  }

  async function write({ user, userId, addresses }: Recipient, state: AddressState, signal: AbortSignal): Promise<Outcome> {
    const refused = (reason: string): Outcome => ({ userId, status: 'refused', reason })
    if (!addresses.length) return refused('There is no e-mail address that can be read.')
    if (addresses.some(({ known }) => state.mailed.get(known) === userId)) return { userId, status: 'sent', reason: '' }
    // Another address of somebody who unsubscribed is no way around that.
    if (addresses.some(({ known }) => state.unsubscribed.has(known))) return refused('This person has unsubscribed.')
    const to = addresses.find(({ known }) => !state.refused.has(known))
    if (!to) return refused(state.refused.get(addresses[0]!.known)!)
    if (state.mailed.has(to.known)) return refused('Another user with this address was written to.')
    await takeTurn(id, settings.perMinute, signal)
    try {
      await transport.sendMail(composeMail(context.message, user.fields, to.address, context.runId, frame))
    } catch (error) {
      const verdict = verdictOn(error)
      if (verdict.is === 'down') throw verdict.down
      if (verdict.is === 'retry') return { userId, status: 'retry', reason: verdict.reason }
      if (verdict.forGood) {
        state.refused.set(to.known, verdict.reason)
        await insertRefusedAddress(db, id, to.digest, verdict.reason)
      }
      return refused(verdict.reason)
    }
    state.mailed.set(to.known, userId)
    await insertMailed(db, context.runId, to.digest, userId)
    return { userId, status: 'sent', reason: '' }
  }

  return {
    // As many as a minute lets through: a batch is then done in a minute, and progress is seen.
    batchSize: Math.max(1, Math.min(100, settings.perMinute)),
    async send(batch, _key, signal) {
      const recipients = batch.map(recipientOf)
      const state = await getAddressState(db, { destinationId: id, runId: context.runId, digests: recipients.flatMap(({ addresses }) => addresses.map(({ digest }) => digest)) })
      const outcomes: Outcome[] = []
      for (const recipient of recipients) {
        signal.throwIfAborted()
        outcomes.push(await write(recipient, state, signal))
      }
      return outcomes
    },
    async close() { transport.close() }
  }
}
