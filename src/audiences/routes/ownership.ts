import type { FastifyInstance, FastifyRequest } from 'fastify'
import { problemOf } from '../../conditions/check-condition.ts'
import { actorOf } from '../../http/guard.ts'
import { NotFound } from '../../problem.ts'
import { getSchedule } from '../../schedules/queries.ts'
import type { Services } from '../../services.ts'
import { mayDelete, noAudience, type Audience } from '../audience.ts'
import { refusalOf, removeAudience } from '../remove-audience.ts'
import { refusalOfTakeOver, takeOver } from '../take-over.ts'
import { deletionModel, takeOverModel } from '../views/groups.ts'
import { forsakenAudienceFor, schema, type WithId } from './audience.ts'

const config = { permission: 'audiences.manage' as const }

/** Letting go of an audience, and taking over one whose owner is gone. */
export function registerOwnership(app: FastifyInstance, { db, queue }: Services): void {
  app.get<WithId>('/audiences/:id/ownership', { config, schema }, async (request, reply) => {
    const audience = await forsakenAudienceFor(db, request)
    const unseen = audience.rules !== null && problemOf(request.access, audience.rules) !== undefined
    const scheduled = (await getSchedule(db, { kind: 'audience', subjectId: audience.id })) !== undefined
    const model = takeOverModel(audience, { refusal: await refusalOfTakeOver(db, audience, actorOf(request)), backUrl: backFrom(request, audience), unseen, scheduled })
    return reply.page('audiences/question', model, { title: `Take over ${audience.name}` })
  })

  app.post<WithId>('/audiences/:id/ownership', { config, schema }, async (request, reply) => {
    const { id, name } = await forsakenAudienceFor(db, request)
    const { jobId } = await takeOver(db, queue, request.access, id, actorOf(request))
    if (jobId !== null) await queue.wake(jobId)
    return reply.notice(`${name} is yours now${jobId === null ? '.' : ', and is being built.'}`).goTo(`/audiences/${id}`)
  })

  app.get<WithId>('/audiences/:id/deletion', { config, schema }, async (request, reply) => {
    const audience = await deletableFor(request)
    return reply.page('audiences/question', deletionModel(audience, await refusalOf(db, request.access, audience.id), backFrom(request, audience)), { title: `Delete ${audience.name}` })
  })

  app.post<WithId>('/audiences/:id/deletion', { config, schema }, async (request, reply) => {
    const audience = await deletableFor(request)
    await removeAudience(db, request.access, audience.id, actorOf(request))
    return reply.notice(`${audience.name} was deleted.`).goTo(request.access.audience(audience.id) ? '/audiences' : backFrom(request, audience))
  })

  async function deletableFor(request: FastifyRequest): Promise<Audience> {
    const audience = await forsakenAudienceFor(db, request)
    if (!mayDelete(audience, actorOf(request))) throw new NotFound(noAudience)
    return audience
  }
}

/** A private audience of somebody who is gone has no page that an administrator could see: it is found where the account was. */
function backFrom({ access }: FastifyRequest, { id, owner }: Audience): string {
  return access.audience(id) ? `/audiences/${id}` : `/settings/operators/${owner.id}/removal`
}
