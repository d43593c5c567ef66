import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { finishDocument, type Document } from './document.ts'
import type { Operation } from './operation.ts'
import { registerActs } from './routes/acts.ts'
import { registerAudiences } from './routes/audiences.ts'
import { registerBatch } from './routes/batch.ts'
import { registerExports } from './routes/exports.ts'
import { registerJobs } from './routes/jobs.ts'
import type { ApiDescription } from './routes/page.ts'
import { registerSources } from './routes/sources.ts'
import { registerUsers } from './routes/users.ts'
import { makeWrite } from './routes/write.ts'
import type { Example } from './views.ts'

export { registerPage as registerApiPage, type ApiDescription } from './routes/page.ts'

declare module 'fastify' {
  interface FastifyContextConfig { operation?: Operation }
}

export const apiPath = '/api/v1'

const description = [
  'What the console does, for programs. A token (Authorization: Bearer) stands for its operator: it may do what it was given as far as the operator still holds it, and sees what the operator sees.',
  'What is hidden is answered like what is not there. Everything that is done stands in the history, marked API. Unknown fields in a body are refused.'
].join(' ')

/** Everything below /api/v1, with the document that is made of the same schemas. Answers how to read that, once the app is ready. */
export async function registerApiRoutes(api: FastifyInstance, services: Services): Promise<Omit<ApiDescription, 'limit'>> {
  const examples = new Map<string, Example>()
  api.addHook('onRoute', ({ config }) => {
    const operation = config?.operation
    if (operation) examples.set(operation.id, { body: operation.example, ...(operation.exampleParams ? { params: operation.exampleParams } : {}) })
  })
  await api.register(swagger, {
    stripBasePath: false, convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0', info: { title: 'User 360', version: '1', description }, security: [{ token: [] }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Made under API tokens.' } } }
    }
  })
  let made: Document | undefined
  const read = () => (made ??= finishDocument(api.swagger()))
  api.get('/openapi.json', { config: { permission: 'public' }, schema: { hide: true } }, async (_request, reply) => reply.type('application/json; charset=utf-8').header('cache-control', 'no-store').send(read()))
  const write = makeWrite(services)
  registerUsers(api, services)
  registerActs(api, services, write)
  registerBatch(api, services, write)
  await registerSources(api, services, write)
  await registerExports(api, services, write)
  registerAudiences(api, services, write)
  registerJobs(api, services, write)
  return { document: read, examples }
}
