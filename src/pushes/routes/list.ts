import type { FastifyInstance } from 'fastify'
import { may } from '../../access/permissions.ts'
import { textOf, wholeNumber } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { NotFound } from '../../problem.ts'
import { listSchedules } from '../../schedules/queries.ts'
import type { Services } from '../../services.ts'
import { listPushes } from '../queries/pushes.ts'
import { listLastRuns } from '../queries/runs.ts'
import { pushListModel } from '../views/list.ts'

const pageSize = 50

/** The record of pushes: own ones; those of everybody for who sets destinations up. */
export function registerList(app: FastifyInstance, { db, timeZone }: Services): void {
  app.get('/pushes', { config: { permission: 'audiences.push or audiences.reach' } }, async (request, reply) => {
    const { access } = request
    const operator = actorOf(request)
    const all = may(operator, 'destinations')
    const before = wholeNumber(textOf(request.query, 'before'), 1, 999_999_999) ?? null
    const asked = textOf(request.query, 'audience')
    const audience = asked === '' ? null : access.audience(wholeNumber(asked, 1, 999_999_999) ?? 0)
    if (audience === undefined) throw new NotFound('There is no such audience.')
    const found = await listPushes(db, { operatorId: all ? null : operator.id, audienceId: audience?.id ?? null, before }, pageSize + 1)
    const pushes = found.slice(0, pageSize)
    const ids = pushes.map(({ id }) => id)
    const model = pushListModel(pushes, {
      access, operatorId: operator.id, timeZone, all, audience, later: before !== null, more: found.length > pageSize, runs: await listLastRuns(db, ids), schedules: await listSchedules(db, 'push', ids)
    })
    return reply.page('pushes/list', model, { title: model.heading })
  })
}
