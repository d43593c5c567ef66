import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { answers } from './queries.ts'

const patience = 3000

/** For container engines and load balancers: does the database answer? */
export async function registerHealth(app: FastifyInstance, { db }: Services): Promise<void> {
  app.get('/healthz', { config: { permission: 'public' }, logLevel: 'warn' }, async (_request, reply) => {
    const database = await Promise.race([answers(db).catch(() => false), sleep(patience, false, { ref: false })])
    return reply.code(database ? 200 : 503).header('cache-control', 'no-store').send({ status: database ? 'ok' : 'the database does not answer' })
  })
}
