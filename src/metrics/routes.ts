import { createHash, timingSafeEqual } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { NotFound } from '../problem.ts'
import type { Services } from '../services.ts'
import { readNumbers } from './queries.ts'

const patience = 3000

/** GET /metrics for Prometheus, with the token of METRICS_TOKEN as `Authorization: Bearer`; without that setting there is no such page. */
export function registerMetrics(app: FastifyInstance, { db, pool, metrics }: Services): void {
  app.get('/metrics', { config: { permission: 'public' }, logLevel: 'warn' }, async (request, reply) => {
    if (!metrics) throw new NotFound()
    void reply.header('cache-control', 'no-store')
    if (!isToken(request.headers.authorization, metrics.token)) return reply.code(401).header('www-authenticate', 'Bearer').type('text/plain; charset=utf-8').send('Ask with the token of METRICS_TOKEN, as Authorization: Bearer TOKEN.\n')
    const numbers = await Promise.race([readNumbers(db).catch(() => null), sleep(patience, null, { ref: false })])
    if (!numbers) request.log.warn('metrics: the database does not answer')
    return reply.type(metrics.meters.contentType).send(await metrics.meters.text(numbers, pool))
  })
}

function isToken(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`))
}
