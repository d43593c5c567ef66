import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { sameSecret } from '../http/same-secret.ts'
import { NotFound } from '../problem.ts'
import type { Services } from '../services.ts'
import { readNumbers } from './queries.ts'

const patience = 3000

/** GET /metrics for Prometheus, with the token of METRICS_TOKEN as `Authorization: Bearer`; without that setting there is no such page. */
export function registerMetrics(app: FastifyInstance, { db, pool, metrics }: Services): void {
  app.get('/metrics', { config: { permission: 'public' }, logLevel: 'warn' }, async (request, reply) => {
    if (!metrics) throw new NotFound()
    void reply.header('cache-control', 'no-store')
    if (!sameSecret(request.headers.authorization ?? '', `Bearer ${metrics.token}`)) return reply.code(401).header('www-authenticate', 'Bearer').type('text/plain; charset=utf-8').send('Ask with the token of METRICS_TOKEN, as Authorization: Bearer TOKEN.\n')
    const numbers = await Promise.race([readNumbers(db).catch(() => null), sleep(patience, null, { ref: false })])
    if (!numbers) request.log.warn('metrics: the database does not answer')
    return reply.type(metrics.meters.contentType).send(await metrics.meters.text(numbers, pool))
  })
}
