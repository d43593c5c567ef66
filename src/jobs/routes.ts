import type { FastifyInstance, FastifyRequest } from 'fastify'
import { may } from '../access/permissions.ts'
import type { Db } from '../db/database.ts'
import { textOf, wholeNumber } from '../form.ts'
import { actorOf, mayOf, type SignedIn } from '../http/guard.ts'
import { NotAllowed, NotFound } from '../problem.ts'
import type { Services } from '../services.ts'
import { cancelJob } from './cancel-job.ts'
import { kindLabels, stateLabels } from './labels.ts'
import { jobsModel } from './views/list.ts'
import { countOpenJobs, findListedJob, listJobs, type JobFilter, type ListedJob } from './queries/list-jobs.ts'
import { mayRetry, retryPermission } from './retry.ts'
import { retryJob } from './retry-job.ts'
import { jobModel } from './views.ts'

const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2147483647 } } } }
type WithId = { Params: { id: number } }

const pageSize = 50

export async function registerJobs(app: FastifyInstance, { db, queue, handlers, timeZone }: Services): Promise<void> {
  app.get('/settings/jobs', { config: { permission: 'signed_in' } }, async (request, reply) => {
    const operator = actorOf(request)
    const filter = readFilter(request.query, operator)
    const before = wholeNumber(textOf(request.query, 'before'), 1, 999_999_999) ?? null
    const found = await listJobs(db, filter, before, pageSize + 1)
    const open = await countOpenJobs(db, may(operator, 'jobs') ? null : operator.id)
    const model = jobsModel(found.slice(0, pageSize), { filter, before, more: found.length > pageSize, open, timeZone, operatorId: operator.id, may: mayOf(request), everything: request.access.everything })
    return reply.page('jobs/jobs', model, { title: 'Jobs', fragments: { jobs: 'jobs/_jobs' } })
  })

  app.get<WithId>('/settings/jobs/:id', { config: { permission: 'signed_in' }, schema }, async (request, reply) => {
    const job = await jobFor(db, request, request.params.id)
    const model = jobModel(job, { timeZone, own: job.operator_id === actorOf(request).id, may: mayOf(request), everything: request.access.everything })
    return reply.page('jobs/job', model, { title: model.title, fragments: { job: 'jobs/_job' } })
  })

  app.post<WithId>('/settings/jobs/:id/cancellation', { config: { permission: 'signed_in' }, schema }, async (request, reply) => {
    const job = await jobFor(db, request, request.params.id)
    await cancelJob(db, handlers, job.id, actorOf(request))
    return reply.goTo(`/settings/jobs/${job.id}`)
  })

  app.post<WithId>('/settings/jobs/:id/retry', { config: { permission: 'signed_in' }, schema }, async (request, reply) => {
    const job = await jobFor(db, request, request.params.id)
    if (retryPermission(job.kind) && !mayRetry(job, job.operator_id === actorOf(request).id, mayOf(request))) throw new NotAllowed('Your roles do not include ordering this.', retryPermission(job.kind))
    await retryJob(db, job.id, actorOf(request))
    await queue.wake(job.id)
    return reply.notice('The job begins anew.').goTo(job.runId === null ? `/settings/jobs/${job.id}` : `/settings/imports/${job.runId}`)
  })
}

/** What is none of the choices is no filter. Who may not see the jobs of others has their own. */
function readFilter(query: unknown, operator: SignedIn): JobFilter {
  const [state, kind] = [textOf(query, 'state'), textOf(query, 'kind')]
  return {
    state: state === 'open' || state === 'bad' || Object.hasOwn(stateLabels, state) ? state as JobFilter['state'] : null, kind: Object.hasOwn(kindLabels, kind) ? kind : null,
    operatorId: !may(operator, 'jobs') || textOf(query, 'whose') === 'mine' ? operator.id : null
  }
}

/** Everybody sees the jobs they started; others only with the permission for it. */
async function jobFor(db: Db, request: FastifyRequest, id: number): Promise<ListedJob> {
  const operator = actorOf(request)
  const job = await findListedJob(db, id)
  if (!job || (job.operator_id !== operator.id && !may(operator, 'jobs'))) throw new NotFound('There is no such job.')
  return job
}
