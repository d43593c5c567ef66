import type { FastifyInstance } from 'fastify'
import { actorOf, mayOf } from '../http/guard.ts'
import type { Services } from '../services.ts'
import { readAudienceQuery } from './forms.ts'
import { listAudiences } from './queries.ts'
import { listGroups } from './queries/groups.ts'
import { registerAudience } from './routes/audience.ts'
import { registerForm } from './routes/form.ts'
import { registerGroups } from './routes/groups.ts'
import { registerIds } from './routes/ids.ts'
import { registerOwnership } from './routes/ownership.ts'
import { audiencesModel } from './views.ts'

export async function registerAudiences(app: FastifyInstance, services: Services): Promise<void> {
  const { db, timeZone } = services

  app.get('/audiences', { config: { permission: 'audiences.view' } }, async (request, reply) => {
    const { access } = request
    const audiences = await listAudiences(db, access.audiences.map(({ id }) => id))
    const model = audiencesModel(audiences, await listGroups(db), readAudienceQuery(request.query), { access, operator: actorOf(request), mayManage: mayOf(request)('audiences.manage'), timeZone })
    return reply.page('audiences/list', model, { title: 'Audiences', fragments: { 'audience-table': 'audiences/_table' } })
  })

  registerForm(app, services)
  registerIds(app, services)
  registerGroups(app, services)
  registerAudience(app, services)
  registerOwnership(app, services)
}
