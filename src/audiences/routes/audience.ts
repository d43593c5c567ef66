import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Db } from '../../db/database.ts'
import { formatCount } from '../../format.ts'
import { actorOf, mayOf } from '../../http/guard.ts'
import { NotFound } from '../../problem.ts'
import { getSchedule } from '../../schedules/queries.ts'
import { scheduleInWords } from '../../schedules/schedule.ts'
import type { Services } from '../../services.ts'
import { countMatching, sayCount } from '../../users/count-users.ts'
import { idKeysOf } from '../../users/id-keys.ts'
import { everyone } from '../../users/user-query.ts'
import { isOwn, noAudience, type Audience } from '../audience.ts'
import { findAudience } from '../queries.ts'
import { listGroups } from '../queries/groups.ts'
import { rebuild } from '../rebuild.ts'
import { audienceModel, membersAddress, progressModel } from '../views/audience.ts'

export const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2147483647 } } } }
export type WithId = { Params: { id: number } }
const view = { config: { permission: 'audiences.view' as const }, schema }

/** The page of one audience: how large it is, how it is built, and what can be done with it. */
export function registerAudience(app: FastifyInstance, { db, queue, timeZone, aesKey }: Services): void {
  app.get<WithId>('/audiences/:id', view, async (request, reply) => {
    const audience = await audienceFor(db, request)
    const may = mayOf(request)
    const schedule = (await getSchedule(db, { kind: 'audience', subjectId: audience.id }))?.schedule
    const model = audienceModel(audience, {
      access: request.access, operator: actorOf(request), groups: await listGroups(db), timeZone, may: { manage: may('audiences.manage'), download: may('audiences.download'), viewUsers: may('user_360.view'), push: may('audiences.push'), reach: may('audiences.reach') },
      schedule: schedule ? scheduleInWords(schedule, (id) => request.access.source(id)?.alias) : ''
    })
    return reply.page('audiences/audience', model, { title: audience.name })
  })

  app.get<WithId>('/audiences/:id/progress', view, async (request, reply) => {
    const audience = await audienceFor(db, request)
    return reply.fragment('audiences/_progress', { progress: progressModel(audience, { access: request.access, operator: actorOf(request), timeZone }) })
  })

  app.get<WithId>('/audiences/:id/size', view, async (request, reply) => {
    const audience = await audienceFor(db, request)
    const query = { ...everyone, where: [{ audience: { how: 'any' as const, ids: [audience.id] } }] }
    const matching = await countMatching(db, request.access, { timeZone, keys: idKeysOf(request.access, aesKey) }, query)
    return reply.fragment('audiences/_size', { text: matching.exact ? `You see ${formatCount(matching.count, 'member')}.` : `You see ${sayCount(matching)} members.` })
  })

  app.post<WithId>('/audiences/:id/builds', { config: { permission: 'audiences.manage' }, schema }, async (request, reply) => {
    const audience = await ownAudienceFor(db, request)
    await queue.wake(await rebuild(db, queue, audience, actorOf(request)))
    return reply.goTo(`/audiences/${audience.id}`)
  })

  app.get<WithId>('/audiences/:id/exports', { config: { permission: 'audiences.download' }, schema }, async (request, reply) => {
    const { id } = await audienceFor(db, request)
    return reply.redirect(`/users/exports?in=${encodeURIComponent(membersAddress(id))}`, 303)
  })
}

/** An audience that this operator may know of; a private one of somebody else and one that never was are answered alike. */
export async function audienceFor(db: Db, request: FastifyRequest): Promise<Audience> {
  const { id } = request.params as { id: number }
  const audience = request.access.audience(id) && (await findAudience(db, id))
  if (!audience) throw new NotFound(noAudience)
  return audience
}

/** The same, or one whose owner is gone where an administrator asks, a private one too. */
export async function forsakenAudienceFor(db: Db, request: FastifyRequest): Promise<Audience> {
  const { id } = request.params as { id: number }
  const audience = await findAudience(db, id)
  if (!audience || !(request.access.audience(id) || (actorOf(request).administrator && audience.owner.gone !== ''))) throw new NotFound(noAudience)
  return audience
}

/** One that they may change. */
export async function ownAudienceFor(db: Db, request: FastifyRequest): Promise<Audience> {
  const audience = await audienceFor(db, request)
  if (!isOwn(audience, actorOf(request))) throw new NotFound(noAudience)
  return audience
}
