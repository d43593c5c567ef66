import type { FastifyRequest, RouteOptions } from 'fastify'
import type { AppSettings } from '../../src/app.ts'

/** A route as it is really registered. */
export interface LiveRoute {
  method: string; url: string
  /** Names of what stands in its path; '*' for the rest of it. */
  params: string[]
  /** What its schema or its handler asks of the address behind the `?`, and of a form; more are found while it answers. */
  asked: Set<string>; typed: Set<string>
  options: RouteOptions
}

/** Collects the live list of routes while an application is built with `onRoute`, so that a new route is in it by itself. */
export function watchRoutes(): { routes: LiveRoute[]; onRoute: NonNullable<AppSettings['onRoute']> } {
  const routes: LiveRoute[] = []
  return {
    routes,
    onRoute({ methods, url, options }) {
      const params = [...url.matchAll(/:([a-z]+)|(\*)/gi)].map(([, name, rest]) => name ?? rest!)
      const { querystring } = (options.schema ?? {}) as { querystring?: { properties?: object } }
      const asked = new Set(Object.keys(querystring?.properties ?? {}))
      const typed = new Set<string>()
      for (const method of methods) if (method !== 'HEAD' && method !== 'OPTIONS') routes.push({ method, url, params, asked, typed, options })
      options.preHandler = [async (request: FastifyRequest) => {
        request.query = noting(request.query, asked)
        if (!isApi(url)) request.body = noting(request.body, typed)
      }, ...[options.preHandler ?? []].flat()] as RouteOptions['preHandler'] & object
    }
  }
}

/** The same values, of which it is known which names were looked at. */
function noting<T>(values: T, names: Set<string>): T {
  if (values === null || typeof values !== 'object' || ![null, Object.prototype].includes(Object.getPrototypeOf(values) as null)) return values
  const note = (name: string | symbol) => { if (typeof name === 'string' && !(name in Object.prototype) && name !== '_csrf') names.add(name) }
  return new Proxy(values, { get(target, name, receiver) { note(name); return Reflect.get(target, name, receiver) as unknown } })
}

/** Asked by programs with a token, and not by pages with a session. */
export function isApi(url: string): boolean {
  return url.startsWith('/api/v1/')
}

export function nameOf({ method, url }: LiveRoute): string {
  return `${method} ${url}`
}

/** The route that an address leads to: of several that fit, the one with the fewest places to fill. */
export function routeOf(routes: readonly LiveRoute[], method: string, address: string): LiveRoute | undefined {
  const path = address.split(/[?#]/)[0]!
  const fits = ({ url }: LiveRoute) => new RegExp(`^${url.replaceAll(/:[a-z]+/gi, '[^/]+').replace('*', '.*')}$`).test(path)
  return routes.filter((route) => route.method === method && fits(route)).toSorted((a, b) => a.params.length - b.params.length)[0]
}
