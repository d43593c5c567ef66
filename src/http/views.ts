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

const root = join(import.meta.dirname, '../../views')

export async function registerViews(app: FastifyInstance, options: { production: boolean }): Promise<void> {
  const eta = new Eta({ views: root, cache: options.production, autoTrim: [false, 'nl'], varName: 'it' })
  await app.register(fastifyView, { engine: { eta }, templates: root, viewExt: 'eta', production: options.production })
}

/** Reading a field that the model does not have throws, outside production: Eta would print "undefined". */
export function strict<T>(value: T): T {
  if (Array.isArray(value)) return value.map(strict) as T
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
  const wrapped = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, strict(inner)]))
  return new Proxy(wrapped, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !(key in target) && !['body', 'then', 'toJSON', 'constructor'].includes(key)) {
        throw new Error(`A view asked for "${key}", which its model does not have (it has: ${Object.keys(target).join(', ')})`)
      }
      return Reflect.get(target, key, receiver)
    }
  }) as T
}
