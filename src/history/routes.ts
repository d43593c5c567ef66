import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { registerKeeping } from './routes/keeping.ts'
import { registerList } from './routes/list.ts'
import { registerUndo } from './routes/undo.ts'

export async function registerHistory(app: FastifyInstance, services: Services): Promise<void> {
  registerUndo(app, services)
  registerKeeping(app, services)
  registerList(app, services)
}
