import type { FastifyInstance } from 'fastify'
import type { Services } from './app.ts'
import { registerHealth } from './health/routes.ts'
import { registerOperators } from './operators/routes.ts'
import { registerUsers } from './users/routes.ts'

/** Every feature, in order; the only file that names them all. */
export async function registerFeatures(app: FastifyInstance, services: Services): Promise<void> {
  await registerHealth(app, services)
  await registerOperators(app, services)
  await registerUsers(app, services)
}
