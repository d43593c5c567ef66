import type { FastifyInstance } from 'fastify'

/** The bare address leads to the users, and from there to sign-in or set-up where that comes first. */
export function registerHome(app: FastifyInstance): void {
  app.get('/', { config: { permission: 'public' } }, async (_request, reply) => reply.goTo('/users'))
}
