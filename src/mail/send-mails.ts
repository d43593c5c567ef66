import type { Mail, Mailer } from './mailer.ts'

/** Why a mail was not sent: a word for the log, and words for people. Neither names the server or its password. */
export interface MailFailure { code: string; text: string }

// What would fail for every other mail in the same way.
const unreachable: Record<string, string> = {
  ECONNECTION: 'the mail server cannot be reached', ETIMEDOUT: 'the mail server does not answer', ESOCKET: 'the mail server cannot be reached', EDNS: 'the mail server cannot be found',
  ETLS: 'no safe connection to the mail server can be made', EAUTH: 'the mail server refuses the sign-in of this console', ENOAUTH: 'the mail server asks for a sign-in'
}
const atOnce = 4

/** Sends mails, a few at a time. Answers for each why it was not sent, or null; after a server that cannot be reached no other mail is tried. */
export async function sendMails(mailer: Mailer, mails: readonly Mail[]): Promise<(MailFailure | null)[]> {
  const answers: (MailFailure | null)[] = []
  let gone: MailFailure | undefined
  for (let at = 0; at < mails.length; at += atOnce) {
    const answered = await Promise.all(mails.slice(at, at + atOnce).map((mail) => gone ?? send(mailer, mail)))
    answers.push(...answered)
    gone ??= answered.find((failure) => failure !== null && failure.code in unreachable) ?? undefined
  }
  return answers
}

async function send(mailer: Mailer, mail: Mail): Promise<MailFailure | null> {
  try {
    await mailer.send(mail)
    return null
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'UNKNOWN'
    return { code, text: unreachable[code] ?? 'the mail server does not take it' }
  }
}
