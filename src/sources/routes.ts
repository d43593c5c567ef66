import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { registerColumns } from './routes/columns.ts'
import { registerList } from './routes/list.ts'
import { registerRemoval } from './routes/removal.ts'
import { registerStructure } from './routes/structure.ts'
import { registerTables } from './routes/tables.ts'
import { registerUploads } from './routes/uploads.ts'

export async function registerSources(app: FastifyInstance, services: Services): Promise<void> {
  registerList(app, services)
  registerUploads(app, services)
  registerTables(app, services)
  registerColumns(app, services)
  registerStructure(app, services)
  registerRemoval(app, services)
}
