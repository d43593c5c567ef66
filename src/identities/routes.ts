import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { registerExceptions } from './routes/exceptions.ts'
import { registerIdTypes } from './routes/id-types.ts'
import { registerRefusedJoins } from './routes/refused-joins.ts'

export async function registerIdentities(app: FastifyInstance, services: Services): Promise<void> {
  registerIdTypes(app, services)
  registerRefusedJoins(app, services)
  registerExceptions(app, services)
}
