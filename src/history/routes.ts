import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { registerUndo } from './routes/undo.ts'

export async function registerHistory(app: FastifyInstance, services: Services): Promise<void> {
  registerUndo(app, services)
}
