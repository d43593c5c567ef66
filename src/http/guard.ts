import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Access } from '../access/access.ts'
import { may, type May, type Permission, type RoutePermission } from '../access/permissions.ts'
import { accessOfOperator, permissionsOf, type Role } from '../access/role.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { NotAllowed, SignedOut } from '../problem.ts'

/** Who holds a session, as the database knows them. */
export interface Holder { id: number; name: string; email: string; mustChangePassword: boolean; twoStep: boolean; roleIds: number[]; signedOutAt: Date | null }

export interface SignedIn extends Holder {
  /** The token of the API that a program showed; null on pages. */
  tokenId: number | null
  administrator: boolean
  /** Those of the role that is looked through, while one is. */
  permissions: ReadonlySet<Permission>
  /** One of their roles asks for two-step sign-in. */
  needsTwoStep: boolean
  /** The role through whose eyes an administrator looks; nothing can be changed meanwhile. */
  seeingAs: { id: number; name: string } | null
}

declare module 'fastify' {
  interface FastifyContextConfig {
    permission?: RoutePermission
    /** May be sent while the operator looks through the eyes of a role: it changes nothing but that. */
    whileSeeingAs?: boolean
    /** May be posted without the token of a session: by programs that have none, with a proof in the address. */
    withoutToken?: boolean
  }
  interface FastifyRequest { operator: SignedIn | null; catalog: Catalog; access: Access }
}

export interface GuardSettings {
  /** The operator of a session's `operatorId`, or undefined when gone or switched off, with the catalog and the roles as published now: the same objects until either changes. */
  findOperator(id: number): Promise<{ holder: Holder; catalog: Catalog; roles: readonly Role[] } | undefined>
  /** Notes that somebody is here; asked every ten minutes. */
  setLastSeen(id: number): Promise<void>
  /** Whether the first administrator was made; until then every page leads to /set-up. */
  isSetUp(): Promise<boolean>
}

/**
 * The door. A route without a permission stops the start; one hook enforces them all, before any body is parsed.
 * Must be registered after the session and before every feature.
 */
export function registerGuard(app: FastifyInstance, settings: GuardSettings): void {
  holdRoutes(app)
  app.addHook('onRequest', async (request, reply) => {
    // None means: no route has this address. Its page is for everybody, and shows who is signed in.
    const permission = request.routeOptions.config.permission ?? 'public'
    const id = request.session.get('operatorId') as number | undefined
    const found = id === undefined ? undefined : await settings.findOperator(id)
    if (found && began(request) >= (found.holder.signedOutAt?.getTime() ?? 0)) {
      const { holder, catalog, roles } = found
      request.operator = signedIn(holder, roles, request.session.get('seeingAs') as number | undefined)
      request.catalog = catalog
      const { seeingAs } = request.operator
      request.access = seeingAs ? accessOfOperator(catalog, roles, [seeingAs.id], null) : accessOfOperator(catalog, roles, holder.roleIds, id ?? null)
      await renewSession(request, settings)
    }
    if (permission === 'public') return
    if (!request.operator) {
      if (!(await settings.isSetUp())) return reply.goTo('/set-up')
      if (request.method !== 'GET' && request.headers['hx-request-type'] === 'partial') throw new SignedOut('Nothing was saved.')
      return reply.goTo(`/sign-in${backTo(request)}`)
    }
    if (request.operator.mustChangePassword && request.url.split('?')[0] !== '/password' && request.routeOptions.url !== '/sign-out') return reply.goTo('/password')
    if (request.operator.needsTwoStep && !request.operator.twoStep && !request.operator.mustChangePassword && !/^\/two-step(\/|\?|$)/.test(request.url) && request.routeOptions.url !== '/sign-out') return reply.goTo('/two-step')
    if (request.operator.seeingAs && !safe.has(request.method) && !request.routeOptions.config.whileSeeingAs) throw new NotAllowed(`You look through the eyes of the role ${request.operator.seeingAs.name}, and can change nothing meanwhile. Stop looking first.`)
    if (!may(request.operator, permission)) throw new NotAllowed('Your roles do not include this.', permission)
  })
}

/** What every door needs: no route below `app` without a permission, and a place for who asks and what they see. */
export function holdRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (!route.config?.permission) throw new Error(`The route ${String(route.method)} ${route.url} names no permission. Write 'public' if everybody may use it.`)
  })
  app.decorateRequest('operator', null)
  app.decorateRequest('catalog', null as unknown as Catalog)
  app.decorateRequest('access', null as unknown as Access)
}

function began(request: FastifyRequest): number {
  return (request.session.get('since') as number | undefined) ?? 0
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** What somebody may do now, by the roles they hold or the one that they look through. */
export function signedIn(holder: Holder, roles: readonly Role[], seeingAs: number | undefined): SignedIn {
  const own = roles.filter((role) => holder.roleIds.includes(role.id))
  const administrator = own.some((role) => role.administrator)
  const seen = administrator ? roles.find((role) => role.id === seeingAs) : undefined
  const needsTwoStep = own.some((role) => role.needsTwoStep)
  return { ...holder, tokenId: null, needsTwoStep, administrator: administrator && !seen, permissions: permissionsOf(seen ? [seen] : own), seeingAs: seen ? { id: seen.id, name: seen.name } : null }
}

const renewAfter = 10 * 60_000

/** The idle limit counts from the last request, to within ten minutes: changing the session makes it be saved with a new expiry. */
async function renewSession(request: FastifyRequest, settings: GuardSettings): Promise<void> {
  const seenAt = (request.session.get('seenAt') as number | undefined) ?? 0
  if (!request.operator || Date.now() - seenAt <= renewAfter) return
  request.session.set('seenAt', Date.now())
  await settings.setLastSeen(request.operator.id)
}

function backTo(request: FastifyRequest): string {
  if (request.method !== 'GET' || request.headers['hx-request'] || request.url === '/') return ''
  const to = encodeURIComponent(request.url)
  // What is longer does not come through every proxy.
  return to.length > 4000 ? '' : `?to=${to}`
}

/** What the operator of a request may do, to be asked by what pages offer. */
export function mayOf(request: FastifyRequest): May {
  return (permission) => request.operator !== null && may(request.operator, permission)
}

/** The operator of a request behind the guard. */
export function actorOf(request: FastifyRequest): SignedIn {
  if (!request.operator) throw new Error('The guard let a stranger pass')
  return request.operator
}
