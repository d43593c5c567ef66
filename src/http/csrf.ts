import csrf from '@fastify/csrf-protection'
import type { Multipart } from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /** The rest of a multipart form after its token; set where the token was right. */
    uploadParts: AsyncIterator<Multipart> | null
  }
}

const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/**
 * Every unsafe method needs the session's token: header x-csrf-token (htmx sends it for the whole body), field `_csrf`
 * of a form, or, in a multipart form, `_csrf` as its FIRST field, so that a large file is not read before it is checked.
 */
export async function registerCsrf(app: FastifyInstance): Promise<void> {
  app.decorateRequest('uploadParts', null)
  await app.register(csrf, { sessionPlugin: '@fastify/session', getToken: tokenOf })
  app.addHook('preValidation', async (request, reply) => {
    if (!unsafe.has(request.method) || request.routeOptions.config.withoutToken) return
    if (request.headers['sec-fetch-site'] === 'cross-site') return reply.code(403).send({ error: 'This request came from another site.' })
    if (request.isMultipart?.()) await readToken(request)
    await new Promise<void>((resolve, reject) => { app.csrfProtection(request, reply, ((error?: Error) => (error ? reject(error) : resolve())) as () => void) })
  })
}

const multipartTokens = new WeakMap<FastifyRequest, string>()

function tokenOf(request: FastifyRequest): string | undefined {
  const header = request.headers['x-csrf-token']
  if (typeof header === 'string') return header
  const field = (request.body as Record<string, unknown> | undefined)?.['_csrf']
  return typeof field === 'string' ? field : multipartTokens.get(request)
}

async function readToken(request: FastifyRequest): Promise<void> {
  const parts = request.parts()[Symbol.asyncIterator]()
  request.uploadParts = parts
  if (request.headers['x-csrf-token']) return
  const first = await parts.next()
  if (!first.done && first.value.type === 'field' && first.value.fieldname === '_csrf') multipartTokens.set(request, String(first.value.value))
}

export type { FastifyReply }
