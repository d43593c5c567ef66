import cookie from '@fastify/cookie'
import fastifySession from '@fastify/session'
import connectPgSimple from 'connect-pg-simple'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'

const idleHours = 12

declare module 'fastify' {
  interface Session {
    operatorId?: number
    /** When it began. */
    since?: number
    /** Who gave the right password and has still to give a code; not signed in before. */
    awaitsCode?: { operatorId: number; since: number; to: string }
    /** The sealed secret of an app that is being set up. */
    newTwoStep?: string
    seeingAs?: number; notice?: unknown; seenAt?: number
  }
}

export async function registerSession(app: FastifyInstance, options: { pool: pg.Pool; secret: string; secure: boolean | 'auto' }): Promise<void> {
  const Store = connectPgSimple(fastifySession as unknown as Parameters<typeof connectPgSimple>[0])
  const store = new Store({ pool: options.pool, tableName: 'sessions', pruneSessionInterval: 900, errorLog: (...args: unknown[]) => app.log.error({ args }, 'session store') })
  app.addHook('onClose', async () => { await store.close() })
  await app.register(cookie)
  await app.register(fastifySession, {
    secret: options.secret, store: store as never, cookieName: 'user360', saveUninitialized: false,
    // A rolling session is a write (and a disk flush) for each request; guard.ts renews it every few minutes instead.
    rolling: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: options.secure, path: '/', maxAge: idleHours * 3_600_000 }
  })
}
