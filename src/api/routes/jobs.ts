import type { FastifyInstance, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { may } from '../../access/permissions.ts'
import { actorOf } from '../../http/guard.ts'
import { cancelJob } from '../../jobs/cancel-job.ts'
import type { Services } from '../../services.ts'
import { route } from '../operation.ts'
import { exactly, job, type Body } from '../schemas.ts'
import { getVisibleJob, writeJob } from '../write-job.ts'
import type { Write } from './write.ts'

const tag = 'Jobs' as const
const ofJob = exactly({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) })

/** What became of work that takes a while. */
export function registerJobs(api: FastifyInstance, { db, handlers }: Services, write: Write): void {
  const jobFor = (request: FastifyRequest, id: number) => getVisibleJob(db, id, actorOf(request).id, may(actorOf(request), 'jobs'))

  api.get<{ Params: Body<typeof ofJob> }>('/jobs/:id', route({
    id: 'getJob', tag, permission: 'signed_in', summary: 'How far a job is', params: ofJob, exampleParams: { id: '812' }, answers: { 200: job }, description: 'Jobs of this operator; with the permission Jobs those of others too.'
  }), async (request) => writeJob(db, await jobFor(request, request.params.id)))

  api.post<{ Params: Body<typeof ofJob> }>('/jobs/:id/cancellation', route({
    id: 'cancelJob', tag, permission: 'signed_in', summary: 'Cancel a job', params: ofJob, exampleParams: { id: '812' }, writes: true, answers: { 200: job },
    description: 'One that waits ends at once, one at work within about a second, and has then changed nothing. One that has ended stays as it is.'
  }), async (request, reply) => write(request, reply, async (keep) => {
    const { id } = await jobFor(request, request.params.id)
    const answer = async (within: typeof db) => ({ status: 200, body: await writeJob(within, await getVisibleJob(within, id, 0, true)) })
    await cancelJob(db, handlers, id, actorOf(request), async (trx) => keep(trx, await answer(trx)))
    return answer(db)
  }))
}
