import { createHmac } from 'node:crypto'
import type { SendMailOptions } from 'nodemailer'
import type { EmailSettings } from '../destination.ts'
import { fieldsOfMessage, renderMessage, unsubscribeField, type Message } from '../message.ts'
import type { DestinationKeys } from '../seal.ts'

export interface MailFrame { from: string; settings: EmailSettings; keys: DestinationKeys; publicUrl: string | undefined }

/** The mail for one address, with the ways to unsubscribe in its headers and its text. The same run and address make the same Message-ID, by which a doubled mail is known. */
export function composeMail(message: Message, fields: Readonly<Record<string, unknown>>, address: string, runId: number | null, { from, settings, keys, publicUrl }: MailFrame): SendMailOptions {
  const sender = addressIn(from)
  const token = keys.token(address)
  const mailto = `mailto:${settings.unsubscribe || sender}?subject=unsubscribe%20${token}`
  const page = publicUrl ? `${publicUrl}/unsubscribe/${token}` : ''
  const way = page || mailto
  const { subject, text } = renderMessage(message, { ...fields, [unsubscribeField]: way })
  return {
    from, to: { name: '', address }, subject, text: fieldsOfMessage(message).includes(unsubscribeField) ? text : `${text}\n\n-- \nTo get no more of these mails: ${way}\n`,
    ...(settings.replyTo ? { replyTo: settings.replyTo } : {}), ...(runId === null ? {} : { messageId: `<${createHmac('sha256', token).update(`run ${runId}`).digest('hex').slice(0, 40)}@${sender.split('@')[1] ?? 'localhost'}>` }),
    headers: { ...(page ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}), 'Auto-Submitted': 'auto-generated' },
    list: { unsubscribe: [[...(page ? [{ url: page }] : []), { url: mailto }]] }
  } as SendMailOptions
}

/** The address in `Name <address>`. */
export function addressIn(from: string): string {
  return /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from.trim()
}
