import type { FastifyInstance } from 'fastify'
import { settingsFor } from '../http/settings-pages.ts'
import { settingsModel } from './views.ts'

export async function registerSettings(app: FastifyInstance): Promise<void> {
  app.get('/settings', { config: { permission: 'signed_in' } }, async (request, reply) => reply.page('settings/index', settingsModel(settingsFor(request.operator)), { title: 'Settings' }))
}
