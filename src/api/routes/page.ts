import type { FastifyInstance } from 'fastify'
import { mayOf } from '../../http/guard.ts'
import type { RateLimit } from '../../http/rate-limit.ts'
import type { Services } from '../../services.ts'
import type { Document } from '../document.ts'
import { apiModel, type Example } from '../views.ts'

/** What the page is made of: read when somebody opens it, since the routes are known only then. */
export interface ApiDescription { document(): Document; examples: ReadonlyMap<string, Example>; limit: RateLimit }

/** The page of the API, for who writes programs. */
export function registerPage(app: FastifyInstance, { publicUrl }: Services, { document, examples, limit }: ApiDescription): void {
  app.get('/api', { config: { permission: 'signed_in' } }, async (request, reply) => {
    const origin = publicUrl ?? `${request.protocol}://${request.host}`
    return reply.page('api/page', apiModel({ document: document(), examples, origin, mayMakeTokens: mayOf(request)('tokens'), limit }), { title: 'API' })
  })
}
