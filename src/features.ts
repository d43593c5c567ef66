import type { FastifyInstance } from 'fastify'
import { registerAlerts } from './alerts/routes.ts'
import { registerApiPage, registerApiRoutes, type ApiDescription } from './api/routes.ts'
import { registerAttributes } from './attributes/routes.ts'
import { registerAudiences } from './audiences/routes.ts'
import { registerConnections } from './connections/routes.ts'
import { registerDepartures } from './departures/routes.ts'
import { registerDestinations } from './destinations/routes.ts'
import { registerDistribution } from './distribution/routes.ts'
import { registerExports } from './exports/routes.ts'
import { registerErasure } from './erasure/routes.ts'
import { registerHealth } from './health/routes.ts'
import { registerHistory } from './history/routes.ts'
import { registerHome } from './home/routes.ts'
import { registerIdentities } from './identities/routes.ts'
import { registerImports } from './imports/routes.ts'
import { registerJobs } from './jobs/routes.ts'
import { registerMetrics } from './metrics/routes.ts'
import { registerOperators } from './operators/routes.ts'
import { registerPushes } from './pushes/routes.ts'
import { registerRoles } from './roles/routes.ts'
import type { Services } from './services.ts'
import { registerSettings } from './settings/routes.ts'
import { registerSources } from './sources/routes.ts'
import { registerTags } from './tags/routes.ts'
import { registerTokens } from './tokens/routes.ts'
import { registerUsers } from './users/routes.ts'

/** Every feature, in order; the only file that names them all. */
export async function registerFeatures(app: FastifyInstance, services: Services, api: ApiDescription): Promise<void> {
  registerHome(app)
  await registerHealth(app, services)
  registerMetrics(app, services)
  await registerOperators(app, services)
  await registerUsers(app, services)
  await registerAudiences(app, services)
  await registerDistribution(app, services)
  await registerSettings(app)
  await registerSources(app, services)
  registerConnections(app, services)
  await registerImports(app, services)
  await registerIdentities(app, services)
  await registerAttributes(app, services)
  await registerTags(app, services)
  await registerExports(app, services)
  await registerDestinations(app, services)
  await registerPushes(app, services)
  await registerRoles(app, services)
  registerDepartures(app, services)
  await registerHistory(app, services)
  await registerErasure(app, services)
  await registerJobs(app, services)
  await registerTokens(app, services)
  registerAlerts(app, services)
  registerApiPage(app, services, api)
}

/** The features as programs use them, below /api/v1. Answers what their page is made of. */
export async function registerApi(api: FastifyInstance, services: Services): Promise<Omit<ApiDescription, 'limit'>> {
  return registerApiRoutes(api, services)
}
