import type { FastifyInstance } from 'fastify'
import { textOf } from '../../form.ts'
import { formatCount } from '../../format.ts'
import { actorOf } from '../../http/guard.ts'
import type { Services } from '../../services.ts'
import { changeLists, type ListChange } from '../change-lists.ts'
import { readAddresses } from '../forms/addresses.ts'
import { countLists } from '../queries/addresses.ts'
import { destinationKeys } from '../seal.ts'
import { addressesModel } from '../views/addresses.ts'
import { config } from './of-destination.ts'

const path = '/settings/destinations/addresses'
const title = 'Who gets no mails'

/** The lists of addresses that get no mails: only digests are kept, so that they can be changed and counted, and not read. */
export function registerAddresses(app: FastifyInstance, { db, dataDir }: Services): void {
  app.get(path, { config }, async (_request, reply) => reply.page('destinations/addresses', addressesModel(await countLists(db)), { title }))

  app.post(path, { config }, async (request, reply) => {
    const change: ListChange = textOf(request.body, 'change') === 'allow' ? 'allow' : 'unsubscribe'
    const text = textOf(request.body, 'addresses')
    const { digests, problem } = readAddresses(text, await destinationKeys(dataDir))
    if (problem) return reply.page('destinations/addresses', addressesModel(await countLists(db), { text, change, problem }), { title, status: 422 })
    const changed = await changeLists(db, change, digests, actorOf(request))
    const said = formatCount(changed, 'address', 'addresses')
    return reply.notice(change === 'unsubscribe' ? `${said} unsubscribed${changed < digests.length ? '; the others were on the list' : ''}.` : `${said} may be written to again${changed < digests.length ? '; the others were on no list' : ''}.`).goTo(path)
  })
}
