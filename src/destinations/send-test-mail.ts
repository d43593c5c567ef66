import { insertHistory } from '../history/queries.ts'
import type { Destination } from './destination.ts'
import type { Message } from './message.ts'
import { openSecrets, type SendTools } from './open-sender.ts'
import { destinationKeys } from './seal.ts'
import { DestinationDown } from './sender.ts'
import { composeMail } from './senders/compose-mail.ts'
import { openMailServer, verdictOn } from './senders/mail-server.ts'

/** Sends a message as somebody with these fields would get it, to the operator who tries it. Throws DestinationDown, in words. */
export async function sendTestMail(tools: Pick<SendTools, 'db' | 'dataDir' | 'outside'>, destination: Extract<Destination, { kind: 'email' }>, message: Message, fields: Readonly<Record<string, unknown>>, operator: { id: number; name: string; email: string }): Promise<void> {
  const { settings } = destination
  const keys = await destinationKeys(tools.dataDir)
  const outside = tools.outside ?? { smtpUrl: undefined, mailFrom: undefined, publicUrl: undefined, privateRanges: [] }
  const { transport, from } = openMailServer(settings, openSecrets(keys, destination), outside)
  try {
    await transport.sendMail(composeMail(message, fields, operator.email, null, { from, settings, keys, publicUrl: outside.publicUrl }))
    await insertHistory(tools.db, { kind: 'settings', title: `Test mail of the destination ${destination.name} sent`, operator: { id: operator.id, name: operator.name } })
  } catch (error) {
    const verdict = verdictOn(error)
    throw verdict.is === 'down' ? verdict.down : new DestinationDown(verdict.reason)
  } finally {
    transport.close()
  }
}
