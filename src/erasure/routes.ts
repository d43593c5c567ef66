import type { FastifyInstance, FastifyRequest } from 'fastify'
import { textOf } from '../form.ts'
import { actorOf } from '../http/guard.ts'
import { NotFound } from '../problem.ts'
import type { Services } from '../services.ts'
import { findCalled } from '../users/queries/called.ts'
import { liftErasure } from './lift-erasure.ts'
import { listErasures } from './queries.ts'
import { requestErasure } from './request-erasure.ts'
import { confirmModel, erasuresModel } from './views.ts'

const config = { permission: 'user_360.erase' as const }
const id = { type: 'integer', minimum: 1, maximum: 2_147_483_647 }
const onPage = 50

/** Erasing a person: first what goes, then the number typed as the confirmation; and the record of who was erased. */
export async function registerErasure(app: FastifyInstance, { db, queue, timeZone }: Services): Promise<void> {
  app.get<{ Params: { id: string } }>('/users/:id/erasure', { config }, async (request, reply) => {
    const user = await userFor(request)
    return reply.page('erasure/confirm', confirmModel(user.id, user.called), { title: `Erase ${user.called}` })
  })

  app.post<{ Params: { id: string } }>('/users/:id/erasure', { config }, async (request, reply) => {
    const user = await userFor(request)
    const typed = textOf(request.body, 'number').trim()
    if (typed !== user.id) return reply.page('erasure/confirm', confirmModel(user.id, user.called, typed, typed === '' ? 'Type the number.' : 'This is not the number. Nothing was erased.'), { title: `Erase ${user.called}`, status: 422 })
    const jobId = await requestErasure(db, queue.enqueue, user.id, actorOf(request))
    await queue.wake(jobId)
    return reply.goTo(`/settings/jobs/${jobId}`)
  })

  app.get<{ Querystring: { before?: number } }>('/settings/erasures', { config, schema: { querystring: { type: 'object', properties: { before: id } } } }, async (request, reply) => {
    const { before } = request.query
    const found = await listErasures(db, onPage + 1, before)
    return reply.page('erasure/list', erasuresModel(found, { timeZone, more: found.length > onPage, later: before !== undefined }), { title: 'Erasures' })
  })

  app.post<{ Params: { id: number } }>('/settings/erasures/:id/lifting', { config, schema: { params: { type: 'object', properties: { id } } } }, async (request, reply) => {
    await liftErasure(db, request.params.id, actorOf(request))
    return reply.notice('The next import that holds this person brings them back.').goTo('/settings/erasures')
  })

  async function userFor(request: FastifyRequest<{ Params: { id: string } }>): Promise<{ id: string; called: string }> {
    const user = await findCalled(db, request.access, timeZone, request.params.id)
    if (!user) throw new NotFound('There is no user with this ID.')
    return user
  }
}
