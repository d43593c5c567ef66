import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { Outdated } from './queries/begin.ts'
import { registerColumns } from './routes/columns.ts'
import { registerList } from './routes/list.ts'
import { registerProfile } from './routes/profile.ts'
import './views.ts'

/** The list of users, Column Display and the profile. */
export async function registerUsers(app: FastifyInstance, services: Services): Promise<void> {
  await app.register(async (users) => {
    // A page that a publication overtook is asked again, now with the new catalog; everything else is answered as everywhere.
    users.setErrorHandler((error, request, reply) => {
      if (error instanceof Outdated) return reply.redirect(request.url, 307)
      throw error
    })
    registerColumns(users, services)
    registerList(users, services)
    registerProfile(users, services)
  })
}
