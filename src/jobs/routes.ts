import type { FastifyInstance, FastifyRequest } from 'fastify'
import { may } from '../access/permissions.ts'
import type { Db } from '../db/database.ts'
import { actorOf, mayOf } from '../http/guard.ts'
import { NotFound } from '../problem.ts'
import type { Services } from '../services.ts'
import { cancelJob } from './cancel-job.ts'
import { findJobWithOperator, type JobRow } from './queries.ts'
import { jobModel } from './views.ts'

const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2147483647 } } } }
type WithId = { Params: { id: number } }

export async function registerJobs(app: FastifyInstance, { db, timeZone }: Services): Promise<void> {
  app.get<WithId>('/settings/jobs/:id', { config: { permission: 'signed_in' }, schema }, async (request, reply) => {
    const job = await jobFor(db, request, request.params.id)
    return reply.page('jobs/job', jobModel(job, { timeZone, own: job.operator_id === actorOf(request).id, may: mayOf(request) }), { title: job.title, fragments: { job: 'jobs/_job' } })
  })

  app.post<WithId>('/settings/jobs/:id/cancellation', { config: { permission: 'signed_in' }, schema }, async (request, reply) => {
    const job = await jobFor(db, request, request.params.id)
    await cancelJob(db, job.id, actorOf(request))
    return reply.goTo(`/settings/jobs/${job.id}`)
  })
}

/** Everybody sees the jobs they started; others only with the permission for it. */
async function jobFor(db: Db, request: FastifyRequest, id: number): Promise<JobRow & { operator: string | null }> {
  const operator = actorOf(request)
  const job = await findJobWithOperator(db, id)
  if (!job || (job.operator_id !== operator.id && !may(operator, 'jobs'))) throw new NotFound('There is no such job.')
  return job
}
