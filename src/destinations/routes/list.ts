import type { FastifyInstance } from 'fastify'
import { listRoles } from '../../access/queries.ts'
import type { Services } from '../../services.ts'
import { listDestinations } from '../queries.ts'
import { listModel } from '../views/list.ts'
import { config } from './of-destination.ts'

export function registerDestinationList(app: FastifyInstance, { db, timeZone }: Services): void {
  app.get('/settings/destinations', { config }, async (_request, reply) =>
    reply.page('destinations/list', listModel(await listDestinations(db), await listRoles(db), timeZone), { title: 'Destinations' }))
}
