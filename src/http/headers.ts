import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

const halfAYear = 15_552_000

/**
 * Strict from the first page on: nothing inline, nothing from elsewhere. `data:` images are the icon masks of the stylesheet.
 * `https`: whether the console is asked for by it alone, never (a page that shall stay reachable without), or as each request came.
 */
export async function registerHeaders(app: FastifyInstance, options: { https: boolean | 'auto' }): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"], 'script-src': ["'self'"], 'style-src': ["'self'"], 'img-src': ["'self'", 'data:'], 'connect-src': ["'self'"],
        'font-src': ["'self'"], 'form-action': ["'self'"], 'base-uri': ["'none'"], 'frame-ancestors': ["'none'"], 'manifest-src': ["'self'"]
      }
    },
    strictTransportSecurity: false, crossOriginOpenerPolicy: false, originAgentCluster: false,
    referrerPolicy: { policy: 'same-origin' }
  })
  app.addHook('onRequest', async (request, reply) => {
    if (options.https === 'auto' ? request.protocol !== 'https' : !options.https) return
    // Of this name alone: what else runs on names below it is not ours to decide.
    reply.header('strict-transport-security', `max-age=${halfAYear}`).header('cross-origin-opener-policy', 'same-origin').header('origin-agent-cluster', '?1')
  })
}
