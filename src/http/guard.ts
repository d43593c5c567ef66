import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Access, accessFor } from '../access/access.ts'
import { roleMay, type RoutePermission } from '../access/permissions.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { NotAllowed, SignedOut } from '../problem.ts'

export interface SignedIn { id: number; name: string; email: string; role: string; mustChangePassword: boolean }

declare module 'fastify' {
  interface FastifyContextConfig { permission?: RoutePermission }
  interface FastifyRequest { operator: SignedIn | null; catalog: Catalog; access: Access }
}

export interface GuardSettings {
  /** The operator of a session's `operatorId`, or undefined when gone or switched off. */
  findOperator(id: number): Promise<SignedIn | undefined>
  /** The catalog as published now. */
  currentCatalog(): Promise<Catalog>
  /** Whether the first administrator was made; until then every page leads to /set-up. */
  isSetUp(): Promise<boolean>
}

/**
 * The door. A route without a permission stops the start; one hook enforces them all, before any body is parsed.
 * Must be registered after the session and before every feature.
 */
export function registerGuard(app: FastifyInstance, settings: GuardSettings): void {
  app.addHook('onRoute', (route) => {
    if (!route.config?.permission) throw new Error(`The route ${String(route.method)} ${route.url} names no permission. Write 'public' if everybody may use it.`)
  })
  app.decorateRequest('operator', null)
  app.decorateRequest('catalog', null as unknown as Catalog)
  app.decorateRequest('access', null as unknown as Access)

  app.addHook('onRequest', async (request, reply) => {
    // None means: no route has this address. Its page is for everybody, and shows who is signed in.
    const permission = request.routeOptions.config.permission ?? 'public'
    const id = request.session.get('operatorId') as number | undefined
    request.operator = id === undefined ? null : (await settings.findOperator(id)) ?? null
    if (request.operator) renewSession(request)
    if (permission === 'public') return
    if (!request.operator) {
      if (!(await settings.isSetUp())) return reply.goTo('/set-up')
      if (request.method !== 'GET' && request.headers['hx-request-type'] === 'partial') throw new SignedOut('Nothing was saved.')
      return reply.goTo(`/sign-in${backTo(request)}`)
    }
    if (request.operator.mustChangePassword && request.url.split('?')[0] !== '/password' && request.routeOptions.url !== '/sign-out') return reply.goTo('/password')
    if (!roleMay(request.operator.role, permission)) throw new NotAllowed('Your role does not include this. An administrator can give it to you.', permission)
    request.catalog = await settings.currentCatalog()
    request.access = accessFor(request.operator, request.catalog)
  })
}

const renewAfter = 10 * 60_000

/** The idle limit counts from the last request, to within ten minutes: changing the session makes it be saved with a new expiry. */
function renewSession(request: FastifyRequest): void {
  const seenAt = (request.session.get('seenAt') as number | undefined) ?? 0
  if (Date.now() - seenAt > renewAfter) request.session.set('seenAt', Date.now())
}

function backTo(request: FastifyRequest): string {
  if (request.method !== 'GET' || request.headers['hx-request'] || request.url === '/') return ''
  const to = encodeURIComponent(request.url)
  // What is longer does not come through every proxy.
  return to.length > 4000 ? '' : `?to=${to}`
}

/** The operator of a request behind the guard. */
export function actorOf(request: FastifyRequest): SignedIn {
  if (!request.operator) throw new Error('The guard let a stranger pass')
  return request.operator
}
