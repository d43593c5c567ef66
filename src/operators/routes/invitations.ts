import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Services } from '../../services.ts'
import { acceptInvitation } from '../accept-invitation.ts'
import { parseFirstPassword } from '../forms.ts'
import { hashOfToken } from '../invitation.ts'
import { deleteAttempt, findSignedIn, insertAttempt } from '../queries.ts'
import { findInvited, type Invited } from '../queries/invitations.ts'
import { recordSignIn } from '../sign-in.ts'
import { invitationModel } from '../views/invitation.ts'
import { awaitCode, beginSession } from './sign-in.ts'

const title = 'Choose a password'
const gone = 'This link does not work: it was used, it is more than 72 hours old, or a newer one was made since. Ask your administrator for a new link.'
const limit = { limit: 30, minutes: 15 }
type WithToken = { Params: { token: string } }

/** One-time links. Looking at one does not use it up: mail servers open links before people do. */
export function registerInvitations(app: FastifyInstance, { db }: Services): void {
  const refuse = (reply: FastifyReply, status: number, text: string) => reply.page('operators/invitation-gone', { text }, { title, status })

  /** Whose link it is; else the answer was given. Only links that do not work count against an address. */
  async function invitedBy(request: FastifyRequest<WithToken>, reply: FastifyReply): Promise<Invited | undefined> {
    const subject = `link ${request.ip}`
    const attempt = await insertAttempt(db, { kind: 'address', subject, ...limit })
    if (attempt === undefined) return void (await refuse(reply, 429, 'There were too many attempts. Wait 15 minutes, then try again.'))
    const invited = await findInvited(db, hashOfToken(request.params.token))
    if (!invited) return void (await refuse(reply, 404, gone))
    await deleteAttempt(db, 'address', subject, attempt)
    return invited
  }

  app.get<WithToken>('/invitations/:token', { config: { permission: 'public' } }, async (request, reply) => {
    const invited = await invitedBy(request, reply)
    return invited ? reply.page('operators/invitation', invitationModel(request.params.token, invited), { title }) : reply
  })

  app.post<WithToken>('/invitations/:token', { config: { permission: 'public' } }, async (request, reply) => {
    const invited = await invitedBy(request, reply)
    if (!invited) return reply
    const { value, messages } = parseFirstPassword(request.body, invited.email)
    if (value === undefined) return reply.page('operators/invitation', invitationModel(request.params.token, invited, messages), { title, status: 422 })
    if (!(await acceptInvitation(db, request.params.token, value))) return refuse(reply, 404, gone)
    const account = await findSignedIn(db, invited.id)
    if (!account) return refuse(reply, 404, gone)
    // The link stands for the password alone.
    if (account.twoStep) {
      await awaitCode(request, account.id, '/')
      return reply.goTo('/sign-in/code')
    }
    await recordSignIn(db, account)
    await beginSession(request, account.id)
    return reply.notice('Your password is set, and you are signed in.').goTo('/')
  })
}
