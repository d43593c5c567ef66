import { createTransport, type Transporter } from 'nodemailer'
import type { Outside } from '../../config.ts'
import type { EmailSettings, Secrets } from '../destination.ts'
import { DestinationDown } from '../sender.ts'

export interface MailTransport { transport: Transporter; from: string }

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }
// A mail that was cut off is not sent again by the client itself: it may have arrived.
const pool = { pool: true as const, maxConnections: 2, maxRequeues: 0, disableFileAccess: true, disableUrlAccess: true }

/** The server of the destination, or that of the installation, with a few connections that are kept. Throws DestinationDown where neither is set. */
export function openMailServer(settings: EmailSettings, { password = '' }: Secrets, outside: Outside): MailTransport {
  const from = settings.from || outside.mailFrom || ''
  if (!settings.ownServer) {
    if (!outside.smtpUrl || !from) throw new DestinationDown('This installation has no mail server: give this destination one of its own.', { lasting: true })
    return { from, transport: createTransport({ ...pool, ...timeouts, url: outside.smtpUrl }) }
  }
  const { host, port, security, username } = settings
  return {
    from, transport: createTransport({
      ...pool, ...timeouts, host, port, secure: security === 'tls', requireTLS: security === 'starttls', ignoreTLS: security === 'none', ...(username ? { auth: { user: username, pass: password } } : {})
    })
  }
}

/** What an error of the client means for one mail. */
export type Verdict = { is: 'down'; down: DestinationDown } | { is: 'refused'; reason: string; /** The address itself is at fault: it is not tried again, ever. */ forGood: boolean } | { is: 'retry'; reason: string }

interface MailError extends Error { code?: string; command?: string; responseCode?: number; response?: string }

const unreachable: Record<string, string> = {
  ECONNECTION: 'The mail server cannot be reached.', ETIMEDOUT: 'The mail server does not answer.', ESOCKET: 'The mail server cannot be reached.', EDNS: 'The mail server cannot be found.', ESTREAM: 'The connection to the mail server broke off.'
}
const lasting: Record<string, string> = {
  ETLS: 'No safe connection to the mail server can be made.', EAUTH: 'The mail server refuses the user name or the password.', ENOAUTH: 'The mail server asks for a user name and a password.'
}

/** Words of the server are left out: they often repeat the address. */
export function verdictOn(error: unknown): Verdict {
  const { code = '', command = '', responseCode = 0, response = '' } = error as MailError
  if (code in lasting) return { is: 'down', down: new DestinationDown(lasting[code]!, { lasting: true }) }
  if (responseCode === 421) return { is: 'down', down: new DestinationDown('The mail server takes no more mails for now (421).') }
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] ?? ''
  const said = [responseCode, enhanced].filter(Boolean).join(' ')
  if (responseCode >= 400 && responseCode < 500) return { is: 'retry', reason: `The mail server asks to try again later (${said}).` }
  if (responseCode >= 500 && command.startsWith('MAIL')) return { is: 'down', down: new DestinationDown(`The mail server refuses the sender (${said}).`, { lasting: true }) }
  if (responseCode >= 500 && command.startsWith('RCPT')) return { is: 'refused', reason: `The mail server refuses the address (${said}).`, forGood: isOfAddress(enhanced) }
  if (responseCode >= 500) return { is: 'refused', reason: `The mail server refuses the mail (${said}).`, forGood: false }
  if (code in unreachable) return { is: 'down', down: new DestinationDown(unreachable[code]!) }
  return { is: 'retry', reason: 'The connection broke off: whether the mail arrived is not known.' }
}

/** RFC 3463: 5.1 is about addresses, 5.2.1 a mailbox that is closed; without a code of that kind 5xx to RCPT is. Policy (5.7) and full mailboxes are not. */
function isOfAddress(enhanced: string): boolean {
  return enhanced === '' || enhanced.startsWith('5.1.') || enhanced === '5.2.1' || enhanced === '5.0.0'
}
