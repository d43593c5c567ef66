import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { registerDialog } from './routes/dialog.ts'
import { registerFile } from './routes/file.ts'
import { registerList } from './routes/list.ts'

/** Export User, the files that it makes, and the record of them. */
export async function registerExports(app: FastifyInstance, services: Services): Promise<void> {
  registerDialog(app, services)
  registerList(app, services)
  await registerFile(app, services)
}
