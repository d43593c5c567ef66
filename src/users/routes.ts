import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { registerColumns } from './routes/columns.ts'
import { registerEdit } from './routes/edit.ts'
import { registerFields } from './routes/fields.ts'
import { registerList } from './routes/list.ts'
import { registerProfile } from './routes/profile.ts'
import { registerRow } from './routes/row.ts'
import './views.ts'

/** The list of users, Column Display, the profile and what is edited there. */
export async function registerUsers(app: FastifyInstance, services: Services): Promise<void> {
  registerColumns(app, services)
  registerList(app, services)
  registerRow(app, services)
  registerProfile(app, services)
  registerFields(app, services)
  registerEdit(app, services)
}
