import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { registerData } from './routes/data.ts'
import { registerPermissions } from './routes/permissions.ts'
import { registerRoleForms } from './routes/role.ts'
import { registerRows } from './routes/rows.ts'
import { registerSeeAs } from './routes/see-as.ts'

export async function registerRoles(app: FastifyInstance, services: Services): Promise<void> {
  registerPermissions(app, services)
  registerData(app, services)
  registerRows(app, services)
  registerRoleForms(app, services)
  registerSeeAs(app, services)
}
