import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, type RouteOptions } from 'fastify'
import { listRoles } from './access/queries.ts'
import type { Role } from './access/role.ts'
import { listOpenAlerts } from './alerts/queries.ts'
import { getCatalog, getCatalogVersion } from './catalog/queries.ts'
import type { Catalog } from './catalog/catalog.ts'
import { atOnce } from './db/at-once.ts'
import { openDatabase, type Db } from './db/database.ts'
import { registerCsrf } from './http/csrf.ts'
import { registerErrors } from './http/errors.ts'
import { registerGuard } from './http/guard.ts'
import { registerHeaders } from './http/headers.ts'
import { registerPages } from './http/page.ts'
import { registerSession } from './http/session.ts'
import { registerSlowClients, usualPatience, type Patience } from './http/slow-clients.ts'
import { trustedProxies } from './http/trusted-proxies.ts'
import { answerUnreadable, registerProblems } from './http/problems.ts'
import type { RateLimit } from './http/rate-limit.ts'
import { timeAnswers } from './http/time-answers.ts'
import { registerTokenGuard } from './http/token-guard.ts'
import { registerTypedSchemas } from './http/typed-schema.ts'
import { registerViews } from './http/views.ts'
import { runningJobOf } from './jobs/signal.ts'
import { findSignedIn, isSetUp, listAdministrators, setLastSeen } from './operators/queries.ts'
import { secretSeal } from './operators/secret-seal.ts'
import { handlers } from './handlers.ts'
import { keySeal } from './identities/key-seal.ts'
import { registerApi, registerFeatures } from './features.ts'
import type { Services } from './services.ts'
import { getSetting } from './settings/queries.ts'
import { findBearer } from './tokens/find-bearer.ts'

export interface AppSettings extends Omit<Services, 'db' | 'handlers' | 'keySeal' | 'secretSeal' | 'metrics'> {
  sessionSecret: string
  secureCookies: boolean | 'auto'
  trustProxy: readonly string[] | number
  /** Other limits than usual; for tests, which do not wait so long. */
  patience?: Partial<Patience>
  production: boolean
  /** Opens /metrics; nothing is counted where it is left out. */
  metricsToken?: string | undefined
  logger: FastifyBaseLogger | false
  /** How often one token may ask. */
  apiLimit?: RateLimit
  /** Is told of every route; for tests, which hold the live list against a table, or watch what a route asks for. */
  onRoute?: (route: { methods: string[]; url: string; permission: string | null; options: RouteOptions }) => void
}

/** The whole application as an object that does not listen; server.ts and tests build the same one. Rejects where a route names no permission. */
export async function buildApp(settings: AppSettings): Promise<FastifyInstance> {
  const patience = { ...usualPatience, ...settings.patience }
  const app = Fastify({
    ...(settings.logger ? { loggerInstance: settings.logger } : { logger: false }),
    genReqId: () => randomUUID().slice(0, 8), trustProxy: trustedProxies(settings.trustProxy), bodyLimit: 4 * 1024 * 1024,
    // Uploads of any size take as long as they take; slow-clients.ts ends those that stand still.
    requestTimeout: 0, connectionTimeout: patience.idle, keepAliveTimeout: patience.keepAlive,
    // A query stands in its address, and a Chinese character takes nine bytes there. Schemas and look-ups say what is wrong with long parts of a path.
    http: { maxHeaderSize: 64 * 1024, headersTimeout: patience.headers, connectionsCheckingInterval: patience.headers / 4 }, routerOptions: { maxParamLength: 64 * 1024 },
    frameworkErrors: (_error, request, reply) => {
      if (request.url.startsWith('/api/v1/')) return void answerUnreadable(request as FastifyRequest, reply as FastifyReply)
      void (reply as FastifyReply).code(400).type('text/plain; charset=utf-8').send('This address cannot be read. Start again at /users.')
    }
  })
  if (settings.onRoute) app.addHook('onRoute', (route) => { settings.onRoute?.({ methods: [route.method].flat(), url: route.url, permission: route.config?.permission ?? null, options: route }) })
  const db = openDatabase(settings.pool)
  const services: Services = { ...settings, db, handlers, keySeal: keySeal(settings.sessionSecret), secretSeal: secretSeal(settings.sessionSecret), metrics: settings.metricsToken ? { token: settings.metricsToken, meters: (await import('./metrics/meters.ts')).openMeters() } : null }
  if (services.metrics) timeAnswers(app, services.metrics.meters.answered)
  registerSlowClients(app, patience)
  await registerHeaders(app, { https: settings.secureCookies })
  // Pages send forms, and nothing else is taken for one.
  app.removeContentTypeParser(['application/json', 'text/plain'])
  await app.register(formbody, { bodyLimit: 4 * 1024 * 1024 })
  await app.register(multipart, { limits: { fileSize: Infinity, files: 1, fields: 50 } })
  await registerViews(app, { production: settings.production })
  await registerStatic(app)
  const published = publishedCache(db)
  const findOperator = async (id: number) => {
    const [holder, version] = await atOnce(db, (one) => Promise.all([findSignedIn(one, id), getCatalogVersion(one)]))
    return holder && { holder, ...await published(version) }
  }
  const limit = settings.apiLimit ?? { requests: 600, seconds: 60 }
  let described: Awaited<ReturnType<typeof registerApi>> | undefined
  await app.register(async (api) => {
    registerTypedSchemas(api)
    registerProblems(api)
    registerTokenGuard(api, { findBearer: (secret) => findBearer(db, secret), published, limit })
    described = await registerApi(api, services)
  }, { prefix: '/api/v1' })
  await app.register(async (pages) => {
    await registerSession(pages, { pool: settings.pool, secret: settings.sessionSecret, secure: settings.secureCookies })
    registerGuard(pages, { findOperator, isSetUp: () => isSetUp(db), setLastSeen: (id) => setLastSeen(db, id) })
    await registerCsrf(pages)
    registerPages(pages, {
      production: settings.production,
      readShell: (request: FastifyRequest) => atOnce(db, async (one) => {
        const { operator } = request
        const [installation, job, alerts] = await Promise.all([getSetting(one, 'installation', 'User 360'), operator ? runningJobOf(one, operator.id) : null, operator && !operator.seeingAs ? listOpenAlerts(one, operator.permissions, 3) : []])
        return { installation, job, alerts: alerts.map(({ id, message, href }) => ({ id, message, href: href ?? '' })) }
      })
    })
    registerErrors(pages, { mayGive: () => listAdministrators(db) })
    await registerFeatures(pages, services, { ...described!, limit })
  })
  return app
}

/** Files that everybody may have: outside the scope of session and guard, cached, never personal. */
async function registerStatic(app: FastifyInstance): Promise<void> {
  await app.register(async (files) => {
    // The page of other addresses that lead nowhere needs a session.
    files.setNotFoundHandler(async (_request, reply) => reply.code(404).type('text/plain; charset=utf-8').send('There is no such file.'))
    await files.register(fastifyStatic, { root: join(import.meta.dirname, '../public'), prefix: '/', cacheControl: true, maxAge: '1h', decorateReply: false })
    await files.register(fastifyStatic, { root: join(import.meta.dirname, '../node_modules/htmx.org/dist'), prefix: '/htmx/', cacheControl: true, maxAge: '1d', decorateReply: false, index: false, allowedPath: (path) => path === '/htmx.min.js' })
  }, { prefix: '/static' })
}

/** The catalog and the roles, read again only when their version has risen. */
function publishedCache(db: Db): (version?: string) => Promise<{ catalog: Catalog; roles: Role[] }> {
  let cached: { catalog: Catalog; roles: Role[] } | undefined
  return async (known) => {
    const version = known ?? await getCatalogVersion(db)
    // The catalog first: a change that comes between the two has a higher version, and is read by the next request.
    if (cached?.catalog.version !== version) cached = { catalog: await getCatalog(db), roles: await listRoles(db) }
    return cached
  }
}
