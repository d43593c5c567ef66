import type { FastifyInstance, FastifyRequest } from 'fastify'
import { may, permissionPath, type Permission } from '../access/permissions.ts'
import { accessOfOperator, type Role } from '../access/role.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { NotAllowed, NotKnown, Outdated, TooMany } from '../problem.ts'
import { holdRoutes, signedIn, type Holder } from './guard.ts'
import { rateLimiter, type RateLimit } from './rate-limit.ts'

/** Whom a program stands for, and what its token lets it do of that. */
export interface Bearer { token: { id: number; name: string; permissions: ReadonlySet<Permission> }; holder: Holder }

declare module 'fastify' {
  interface FastifyRequest { bearer: Bearer | null }
}

export interface TokenGuardSettings {
  /** Throws NotKnown where the token does not work. */
  findBearer(secret: string): Promise<Bearer>
  /** The catalog and the roles as published now. */
  published(): Promise<{ catalog: Catalog; roles: readonly Role[] }>
  limit: RateLimit
}

/** So often a request is begun anew where publications overtake it. */
const mostTries = 4

/**
 * The door of the API. Only a token in the head opens it: no session is read or made, so a browser, which sends cookies by
 * itself and tokens never, cannot be made to ask anything here. A route without a permission stops the start.
 */
export function registerTokenGuard(app: FastifyInstance, settings: TokenGuardSettings): void {
  const waitOf = rateLimiter(settings.limit)
  holdRoutes(app)
  app.decorateRequest('bearer', null)

  app.addHook('onRoute', (route) => {
    const handler = route.handler
    // A program is not sent to the same address once more, as a page is: what was overtaken begins anew here.
    route.handler = async function (request, reply) {
      for (let tries = 1; ; tries++) {
        try {
          return await handler.call(this, request, reply)
        } catch (error) {
          if (!(error instanceof Outdated) || tries === mostTries) throw error
          await admit(request)
        }
      }
    }
  })

  app.addHook('onRequest', async (request, reply) => {
    const permission = request.routeOptions.config.permission ?? 'public'
    if (permission === 'public') return
    request.bearer = await settings.findBearer(secretOf(request))
    const wait = waitOf(request.bearer.token.id)
    if (wait > 0) throw new TooMany(`This token may ask ${settings.limit.requests} times in ${settings.limit.seconds} seconds.`, wait)
    reply.header('cache-control', 'no-store')
    await admit(request)
    const operator = request.operator!
    if (operator.needsTwoStep && !operator.twoStep) throw new NotKnown('The operator of this token must set up two-step sign-in first.')
    if (!may(operator, permission)) throw new NotAllowed(`This token may not do that, or its operator may not: it needs ${permissionPath(permission)}.`, permission)
  })

  async function admit(request: FastifyRequest): Promise<void> {
    const { token, holder } = request.bearer!
    const { catalog, roles } = await settings.published()
    const whole = signedIn(holder, roles, undefined)
    request.operator = { ...whole, tokenId: token.id, permissions: whole.permissions.intersection(token.permissions) }
    request.catalog = catalog
    request.access = accessOfOperator(catalog, roles, holder.roleIds, holder.id)
  }
}

function secretOf(request: FastifyRequest): string {
  const [, secret] = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (!secret) throw new NotKnown('Send a token in the head: Authorization: Bearer u360_…')
  return secret
}
