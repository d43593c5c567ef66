import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { listRoles } from '../access/queries.ts'
import { listPrivate } from '../audiences/queries.ts'
import { actorOf } from '../http/guard.ts'
import { authorityOf } from '../operators/authority-of.ts'
import { getAccount } from '../operators/queries/accounts.ts'
import { Invalid } from '../problem.ts'
import type { Services } from '../services.ts'
import { getBelongings } from './queries.ts'
import { removeOperator } from './remove-operator.ts'
import { removalModel } from './views.ts'

const config = { permission: 'operators' as const }
const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2147483647 } } } }
type WithId = { Params: { id: number } }

/** Removing an operator: what goes with the account, what stays, and what is left of a removed one. */
export function registerDepartures(app: FastifyInstance, { db, timeZone }: Services): void {
  const page = async (request: FastifyRequest<WithId>, reply: FastifyReply, refused = '') => {
    const account = await getAccount(db, request.params.id)
    const roles = await listRoles(db)
    const who = authorityOf(actorOf(request), roles)
    const audiences = account.disabled && who.administrator ? await listPrivate(db, account.id) : []
    const model = removalModel({ account, roles, who, belongings: await getBelongings(db, account.id), audiences, timeZone }, refused)
    return reply.page('departures/removal', model, { title: model.heading, status: refused ? 422 : 200 })
  }

  app.get<WithId>('/settings/operators/:id/removal', { config, schema }, async (request, reply) => page(request, reply))

  app.post<WithId>('/settings/operators/:id/removal', { config, schema }, async (request, reply) => {
    try {
      const { name } = await removeOperator(db, actorOf(request).id, request.params.id)
      return await reply.notice(`${name} was removed.`).goTo('/settings/operators')
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return page(request, reply, error.message)
    }
  })
}
