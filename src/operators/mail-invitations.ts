import type { Mailer } from '../mail/mailer.ts'
import { sendMails, type MailFailure } from '../mail/send-mails.ts'
import type { Linked } from './add-operators.ts'
import { invitationHours, invitationLink } from './invitation.ts'

export interface Posting { mailer: Mailer; publicUrl: string; installation: string }

/** Mails one-time links. Answers for each why it was not sent, or null; a link that was not sent works all the same. */
export async function mailInvitations(posting: Posting, people: readonly Linked[]): Promise<(MailFailure | null)[]> {
  return sendMails(posting.mailer, people.map((person) => ({
    to: { name: person.name, address: person.email }, subject: `Your sign-in to ${posting.installation}`, text: textFor(posting, person)
  })))
}

function textFor({ publicUrl, installation }: Posting, { name, email, token }: Linked): string {
  return `Hello ${name},

choose a password for ${installation} here:

${invitationLink(publicUrl, token)}

The link works once, within ${invitationHours} hours. You sign in with ${email}.
If you did not expect this mail, you need not do anything.
`
}
