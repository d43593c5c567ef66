import type { FastifyInstance } from 'fastify'
import { may } from '../../access/permissions.ts'
import { actorOf } from '../../http/guard.ts'
import type { Services } from '../../services.ts'
import { beginSeeing, endSeeing } from '../see-as.ts'

const config = { permission: 'signed_in' as const, whileSeeingAs: true }
const schema = { params: { type: 'object', properties: { role: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } } } }

/** Looking through the eyes of a role: for administrators, who may go from one role to another and must be able to stop. */
export function registerSeeAs(app: FastifyInstance, { db }: Services): void {
  app.post<{ Params: { role: number } }>('/see-as/:role', { config, schema }, async (request, reply) => {
    const role = await beginSeeing(db, request.params.role, actorOf(request))
    request.session.set('seeingAs', role.id)
    return reply.goTo(may(role, 'user_360.view') ? '/users' : '/settings')
  })

  app.post('/see-as/end', { config }, async (request, reply) => {
    const operator = actorOf(request)
    if (operator.seeingAs) await endSeeing(db, operator.seeingAs.name, operator)
    request.session.set('seeingAs', undefined)
    return reply.goTo(operator.seeingAs ? `/settings/roles/${operator.seeingAs.id}` : '/')
  })
}
