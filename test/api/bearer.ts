import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { permissions as everyPermission, type Permission } from '../../src/access/permissions.ts'
import { insertToken } from '../../src/tokens/queries.ts'
import { newToken } from '../../src/tokens/token.ts'
import type { TestApp } from '../helper.ts'

export interface Bearer { id: number; secret: string; send(options: InjectOptions & { json?: unknown; key?: string }): Promise<LightMyRequestResponse> }

/** A token of an operator that works for a day, and requests that carry it. */
export async function bearerOf(world: Pick<TestApp, 'app' | 'db'>, operatorId: number, permissions: readonly Permission[] = everyPermission): Promise<Bearer> {
  const { secret, prefix, hash } = newToken()
  const id = await insertToken(world.db, { operatorId, name: 'Shop', prefix, hash, permissions, days: 1 })
  return {
    id, secret,
    send({ json, key, ...options }) {
      const headers = { authorization: `Bearer ${secret}`, ...(key === undefined ? {} : { 'idempotency-key': key }), ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers }
      return world.app.inject({ ...options, headers, ...(json === undefined ? {} : { payload: JSON.stringify(json) }) })
    }
  }
}
