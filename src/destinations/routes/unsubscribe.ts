import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Services } from '../../services.ts'
import { insertUnsubscribed } from '../queries/addresses.ts'
import { destinationKeys } from '../seal.ts'

const title = 'No more mails'
// Longer ones are none of ours.
const schema = { params: { type: 'object', properties: { token: { type: 'string', maxLength: 200 } }, required: ['token'] } }
interface WithToken { Params: { token: string } }

/** For people who were written to, and for their mail programs (RFC 8058). Looking changes nothing: mail servers open links before people do. */
export function registerUnsubscribing(app: FastifyInstance, { db, dataDir }: Services): void {
  const answer = (reply: FastifyReply, state: 'asks' | 'done' | 'unknown', token: string) => reply.page('destinations/unsubscribe', { state, action: `/unsubscribe/${token}` }, { title, status: state === 'unknown' ? 404 : 200 })

  app.get<WithToken>('/unsubscribe/:token', { config: { permission: 'public' }, schema }, async (request, reply) => {
    const digest = (await destinationKeys(dataDir)).digestOf(request.params.token)
    return answer(reply, digest ? 'asks' : 'unknown', request.params.token)
  })

  app.post<WithToken>('/unsubscribe/:token', { config: { permission: 'public', withoutToken: true, whileSeeingAs: true }, schema }, async (request, reply) => {
    const digest = (await destinationKeys(dataDir)).digestOf(request.params.token)
    if (digest) await insertUnsubscribed(db, [digest])
    return answer(reply, digest ? 'done' : 'unknown', request.params.token)
  })
}
