import { join } from 'node:path'
import fastifyView from '@fastify/view'
import { Eta } from 'eta'
import type { FastifyInstance } from 'fastify'

/**
 * Every view with the model it takes. Each feature's views.ts adds its own by declaration merging, so that a wrong name
 * or a missing field is a compile error.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface Views {}

export type ViewName = keyof Views & string

/** For each view a model, or several that together show all of its parts; a feature's views.ts exports them as `samples`, or views/samples.ts where they are long. */
export type Samples = { [V in ViewName]?: Views[V] | readonly Views[V][] }

const root = join(import.meta.dirname, '../../views')
const inherits = '{...it, ...(__eta_d ?? {})}'

/**
 * The templates below views/. Outside production they are read anew each time and checked: a field that the model does not
 * have throws, where Eta would print "undefined", and a partial has what it is given, where Eta lets everything leak in.
 */
export function openViews(production: boolean): Eta {
  const eta = new Eta({ views: root, cache: production, autoTrim: [false, 'nl'], varName: 'it' })
  if (production) return eta
  eta.configure({ functionHeader: 'it = this.strict(it)', plugins: [{ processFnString: (text) => text.replaceAll(inherits, '__eta_d ?? {}') }] })
  return Object.assign(eta, { strict })
}

export async function registerViews(app: FastifyInstance, options: { production: boolean }): Promise<void> {
  await app.register(fastifyView, { engine: { eta: openViews(options.production) }, templates: root, viewExt: 'eta', production: options.production })
}

const wrapped = new WeakSet<object>()

/** A copy of a model, all the way down, whose unknown fields throw. */
function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strict)
  if (value === null || typeof value !== 'object' || wrapped.has(value) || Object.getPrototypeOf(value) !== Object.prototype) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, strict(inner)]))
  const proxy = new Proxy(copy, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !(key in target)) throw new Error(`A view asked for "${key}", which its model does not have (it has: ${Object.keys(target).join(', ')})`)
      return Reflect.get(target, key, receiver)
    }
  })
  wrapped.add(proxy)
  return proxy
}
