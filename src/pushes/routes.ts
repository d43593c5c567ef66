import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { registerFiles } from './routes/files.ts'
import { registerList } from './routes/list.ts'
import { registerPush } from './routes/push.ts'
import { registerSetUp } from './routes/set-up.ts'

/** Setting pushes up, their record, and what their runs leave behind. */
export async function registerPushes(app: FastifyInstance, services: Services): Promise<void> {
  registerList(app, services)
  registerSetUp(app, services)
  registerPush(app, services)
  await registerFiles(app, services)
}
