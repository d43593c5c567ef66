import type { FastifyInstance } from 'fastify'
import { may } from '../access/permissions.ts'

/** The bare address leads to the users, and from there to sign-in or set-up where that comes first; who may not see users begins at the settings. */
export function registerHome(app: FastifyInstance): void {
  app.get('/', { config: { permission: 'public' } }, async (request, reply) => reply.goTo(request.operator && !may(request.operator, 'user_360.view') ? '/settings' : '/users'))
}
