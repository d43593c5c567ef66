import type { FastifyInstance, FastifyRequest } from 'fastify'
import { may } from '../../access/permissions.ts'
import type { Db } from '../../db/database.ts'
import { textOf, wholeNumber } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { findJob } from '../../jobs/queries.ts'
import { NotFound } from '../../problem.ts'
import { getSchedule } from '../../schedules/queries.ts'
import type { Services } from '../../services.ts'
import { cancelRun, continueRun, endPush, resumePush, runNow, sendAgain } from '../change-push.ts'
import { noPush, isUnderWay, type Push } from '../push.ts'
import { findPush } from '../queries/pushes.ts'
import { listRuns } from '../queries/runs.ts'
import { pushModel } from '../views/push.ts'

const number = { type: 'integer', minimum: 1, maximum: 2147483647 }
export const config = { permission: 'audiences.push or audiences.reach' as const }
export const ofPush = { params: { type: 'object', properties: { id: number } } }
export const ofRun = { params: { type: 'object', properties: { id: number, run: number } } }
export interface WithPush { Params: { id: number } }
export interface WithRun { Params: { id: number; run: number } }

const pageSize = 20

/** One push: what it is, how its runs went, and what can be done about them. */
export function registerPush(app: FastifyInstance, { db, queue, handlers, timeZone }: Services): void {
  app.get<WithPush>('/pushes/:id', { config, schema: ofPush }, async (request, reply) => {
    const push = await pushFor(db, request)
    const operator = actorOf(request)
    const before = wholeNumber(textOf(request.query, 'before'), 1, 999_999_999) ?? null
    const found = await listRuns(db, push.id, before, pageSize + 1)
    const open = found.find(isUnderWay)
    const model = pushModel(push, found.slice(0, pageSize), {
      access: request.access, operatorId: operator.id, timeZone, schedule: await getSchedule(db, { kind: 'push', subjectId: push.id }), job: open?.jobId ? await findJob(db, open.jobId) : undefined,
      own: isOwn(push, operator), mayEnd: isOwn(push, operator) || may(operator, 'destinations'), mayFetch: !operator.seeingAs, now: new Date(), later: before !== null, more: found.length > pageSize
    })
    return reply.page('pushes/push', model, { title: model.heading, fragments: { 'push-runs': 'pushes/_runs' } })
  })

  app.post<WithPush>('/pushes/:id/runs', { config, schema: ofPush }, async (request, reply) => {
    const push = await ownPushFor(db, request)
    await queue.wake(await runNow(db, queue, push.id, actorOf(request)))
    return reply.goTo(`/pushes/${push.id}`)
  })

  app.post<WithPush>('/pushes/:id/resumption', { config, schema: ofPush }, async (request, reply) => {
    const push = await ownPushFor(db, request)
    await resumePush(db, push.id, actorOf(request))
    return reply.notice('The push runs again.').goTo(`/pushes/${push.id}`)
  })

  app.post<WithPush>('/pushes/:id/end', { config, schema: ofPush }, async (request, reply) => {
    const push = await pushFor(db, request)
    await endPush(db, push.id, actorOf(request))
    return reply.notice('The push was ended; its record stays.').goTo(`/pushes/${push.id}`)
  })

  app.post<WithRun>('/pushes/:id/runs/:run/cancellation', { config, schema: ofRun }, async (request, reply) => {
    const push = await ownPushFor(db, request)
    await cancelRun(db, handlers, push.id, request.params.run, actorOf(request))
    return reply.goTo(`/pushes/${push.id}`)
  })

  app.post<WithRun>('/pushes/:id/runs/:run/continuation', { config, schema: ofRun }, async (request, reply) => {
    const push = await ownPushFor(db, request)
    await queue.wake(await continueRun(db, queue, push.id, request.params.run, actorOf(request)))
    return reply.goTo(`/pushes/${push.id}`)
  })

  app.post<WithRun>('/pushes/:id/runs/:run/repetition', { config, schema: ofRun }, async (request, reply) => {
    const push = await ownPushFor(db, request)
    await queue.wake(await sendAgain(db, queue, push.id, request.params.run, actorOf(request)))
    return reply.goTo(`/pushes/${push.id}`)
  })
}

function isOwn(push: Push, operator: { id: number; permissions: Parameters<typeof may>[0]['permissions'] }): boolean {
  return push.operator.id === operator.id && may(operator, push.message ? 'audiences.reach' : 'audiences.push')
}

/** A push that this operator may know of: their own, or any for who sets destinations up. */
export async function pushFor(db: Db, request: FastifyRequest): Promise<Push> {
  const operator = actorOf(request)
  const push = await findPush(db, (request.params as { id: number }).id)
  if (!push || !(isOwn(push, operator) || may(operator, 'destinations'))) throw new NotFound(noPush)
  return push
}

/** One that runs with what they may do and see. */
export async function ownPushFor(db: Db, request: FastifyRequest): Promise<Push> {
  const push = await pushFor(db, request)
  if (!isOwn(push, actorOf(request))) throw new NotFound(noPush)
  return push
}
