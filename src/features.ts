import type { FastifyInstance } from 'fastify'
import type { Services } from './app.ts'

/** Every feature, in order; the only file that names them all. */
export async function registerFeatures(_app: FastifyInstance, _services: Services): Promise<void> {
}
