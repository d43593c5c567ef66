import type { FastifyInstance } from 'fastify'
import { unknownField } from '../conditions/check-condition.ts'
import { findOpenField } from '../conditions/field.ts'
import { textOf } from '../form.ts'
import { actorOf } from '../http/guard.ts'
import { Invalid } from '../problem.ts'
import type { Services } from '../services.ts'
import { idKeysFor } from '../users/id-keys.ts'
import { conditionOf, everyone, readQueryText } from '../users/user-query.ts'
import { readDistribution } from './read-distribution.ts'
import { distributionModel, openFields } from './views.ts'

/** How the users of a query, or the members of an audience, are spread over the values of an attribute or a tag. */
export async function registerDistribution(app: FastifyInstance, services: Services): Promise<void> {
  app.get('/users/distribution', { config: { permission: 'user_360.view' } }, async (request, reply) => {
    const { access } = request
    const { query: asked, problems } = readQueryText(access, textOf(request.query, 'in'))
    if (problems.length) throw new Invalid(`This list is too old: ${problems[0]} Reload it and try again.`)
    const query = { ...everyone, id: asked.id, levels: asked.levels, where: asked.where }
    const ref = textOf(request.query, 'field')
    const field = ref === '' ? (openFields(access).find((one) => one.ref === 'attribute:city') ?? openFields(access)[0]) : findOpenField(access, ref)
    if (!field || field.type === 'id') throw new Invalid(ref === '' ? 'There is no attribute or tag whose values you see.' : unknownField)
    const reading = { timeZone: services.timeZone, keys: await idKeysFor(services, access, actorOf(request), query) }
    const distribution = await readDistribution(services.db, { access, reading, condition: conditionOf(query), field })
    return reply.page('distribution/distribution', distributionModel(access, query, field, distribution), { title: `Distribution of ${field.label}`, fragments: { 'distribution-bars': 'distribution/_bars' } })
  })
}
