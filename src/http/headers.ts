import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

/** Strict from the first page on: nothing inline, nothing from elsewhere. `data:` images are the icon masks of the stylesheet. */
export async function registerHeaders(app: FastifyInstance, options: { secure: boolean }): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"], 'script-src': ["'self'"], 'style-src': ["'self'"], 'img-src': ["'self'", 'data:'], 'connect-src': ["'self'"],
        'font-src': ["'self'"], 'form-action': ["'self'"], 'base-uri': ["'none'"], 'frame-ancestors': ["'none'"], 'manifest-src': ["'self'"]
      }
    },
    strictTransportSecurity: options.secure ? { maxAge: 15_552_000 } : false,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginOpenerPolicy: options.secure ? { policy: 'same-origin' } : false,
    originAgentCluster: options.secure
  })
}
