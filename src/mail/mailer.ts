import { createTransport } from 'nodemailer'

export interface Mail { to: { name: string; address: string }; subject: string; text: string }

export interface Mailer { send(mail: Mail): Promise<void> }

/** Mails over SMTP. Each has a connection of its own, so that none is open while nothing is sent. */
export function openMailer(settings: { url: string; from: string }): Mailer {
  const transport = createTransport({ url: settings.url, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000, disableFileAccess: true, disableUrlAccess: true })
  return { async send({ to, subject, text }) { await transport.sendMail({ from: settings.from, to, subject, text }) } }
}
