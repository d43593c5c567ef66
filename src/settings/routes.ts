import type { FastifyInstance } from 'fastify'
import { settings } from './views.ts'

export async function registerSettings(app: FastifyInstance): Promise<void> {
  app.get('/settings', { config: { permission: 'signed_in' } }, async (_request, reply) => reply.page('settings/index', settings, { title: 'Settings' }))
}
