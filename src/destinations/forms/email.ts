import { wholeNumber } from '../../form.ts'
import type { FieldMessages } from '../../problem.ts'
import type { EmailSettings } from '../destination.ts'
import { addressIn } from '../senders/compose-mail.ts'
import { hostPattern, mailAddress, secretField, textIn, type Circumstances, type KindForm } from './kind-form.ts'

const securities: Record<EmailSettings['security'], string> = { starttls: 'STARTTLS', tls: 'TLS from the start', none: 'None' }

export const emailForm: KindForm<EmailSettings> = {
  blank: { from: '', replyTo: '', unsubscribe: '', perMinute: '600', ownServer: false, host: '', port: '587', security: 'starttls', username: '' },
  valuesOf: (settings) => ({ ...settings, port: String(settings.port), perMinute: String(settings.perMinute) }),
  check(values, circumstances) {
    const text = (name: string) => textIn(values, name)
    const settings: EmailSettings = {
      from: text('from'), replyTo: text('replyTo'), unsubscribe: text('unsubscribe'), perMinute: wholeNumber(text('perMinute'), 1, 60_000) ?? 0, ownServer: values['ownServer'] === true,
      host: text('host'), port: wholeNumber(text('port'), 1, 65_535) ?? 0, security: Object.hasOwn(securities, text('security')) ? text('security') as EmailSettings['security'] : 'starttls', username: text('username')
    }
    if (!settings.ownServer) Object.assign(settings, { host: '', port: 587, security: 'starttls', username: '' })
    return { settings, messages: problemsOf(settings, circumstances) }
  },
  placeOf: ({ host, port, security, username }) => JSON.stringify([host, port, security, username]),
  needed: ({ ownServer, username }) => (ownServer && username ? [{ name: 'password', missing: 'Type the password.', bound: true }] : []),
  checkSecrets: () => ({}),
  sections: (values, kept, { mailServer, mailFrom }) => [
    { legend: 'Mails', shown: '', fields: [
      { id: 'from', label: 'Sender', value: textIn(values, 'from'), help: mailFrom ? `Such as Shop <news@example.com>. Left empty: ${mailFrom}.` : 'Such as Shop <news@example.com>.' },
      { id: 'replyTo', label: 'Answers go to', value: textIn(values, 'replyTo'), help: 'An address. Left empty: the sender.' },
      { id: 'unsubscribe', label: 'Mailbox for unsubscribing', value: textIn(values, 'unsubscribe'), help: 'An address that somebody reads, for who unsubscribes by mail. Left empty: the sender.' },
      { id: 'perMinute', label: 'Mails in a minute', control: 'number', value: textIn(values, 'perMinute'), help: 'At most, sent evenly. 1 to 60,000.' }
    ] },
    { legend: 'Mail server', shown: '', fields: [{ id: 'ownServer', label: 'Server', control: 'switch', checked: values['ownServer'] === true, value: 'A mail server of its own', help: mailServer ? 'Off: that of the console.' : 'This console has none, so that one is needed here.' }] },
    { legend: 'Server of its own', shown: 'own', fields: [
      { id: 'host', label: 'Mail server', value: textIn(values, 'host'), help: 'Such as smtp.example.com.' }, { id: 'port', label: 'Port', control: 'number', value: textIn(values, 'port') },
      { id: 'security', label: 'Encryption', control: 'select', value: textIn(values, 'security'), options: Object.entries(securities).map(([value, label]) => ({ value, label })), help: 'STARTTLS is usual on port 587, TLS from the start on 465.' },
      { id: 'username', label: 'User name', value: textIn(values, 'username'), help: 'Left empty: without signing in.' }, secretField('password', 'Password', kept)
    ] }
  ]
}

function problemsOf(settings: EmailSettings, { mailServer, mailFrom }: Circumstances): FieldMessages {
  const messages: FieldMessages = {}
  if (settings.from && !isSender(settings.from)) messages['from'] = 'Write an address, or Shop <news@example.com>.'
  else if (!settings.from && (settings.ownServer || !mailFrom)) messages['from'] = 'Say who sends the mails.'
  if (settings.replyTo && !mailAddress.test(settings.replyTo)) messages['replyTo'] = 'Write one address.'
  if (settings.unsubscribe && !mailAddress.test(settings.unsubscribe)) messages['unsubscribe'] = 'Write one address.'
  if (settings.perMinute === 0) messages['perMinute'] = 'Write a number from 1 to 60,000.'
  if (!settings.ownServer) return mailServer ? messages : { ...messages, ownServer: 'This console has no mail server: switch this on and name one.' }
  if (!hostPattern.test(settings.host)) messages['host'] = 'Write the name of the server, without a port.'
  if (settings.port === 0) messages['port'] = 'Write a number from 1 to 65,535.'
  if (settings.username && settings.security === 'none') messages['security'] = 'A password is not sent without encryption.'
  return messages
}

function isSender(text: string): boolean {
  return /^[^<>\r\n]{0,100}(<[^<>]+>)?$/.test(text) && mailAddress.test(addressIn(text))
}
