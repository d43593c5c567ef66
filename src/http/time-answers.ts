import type { FastifyInstance } from 'fastify'

/** One request that was answered: the route as it is written, never the address, which may name a person. */
export interface Answered { method: string; route: string; status: number; seconds: number }

/** Tells of every answer of the application, and of what is registered in it afterwards. */
export function timeAnswers(app: FastifyInstance, tell: (answered: Answered) => void): void {
  app.addHook('onResponse', (request, reply, done) => {
    tell({ method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode, seconds: reply.elapsedTime / 1000 })
    done()
  })
}
