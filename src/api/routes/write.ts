import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { actorOf } from '../../http/guard.ts'
import type { Services } from '../../services.ts'
import { makeOnce, type Answer, type Keep } from '../once.ts'

/** Answers a write: once for each Idempotency-Key, with what was answered at first. */
export type Write = (request: FastifyRequest, reply: FastifyReply, act: (keep: Keep) => Promise<Answer>, body?: () => Promise<string>) => Promise<FastifyReply>

/** `body` of a write answers what stands for the body, where that is no JSON. */
export function makeWrite({ db, keySeal }: Services): Write {
  const once = makeOnce(db)
  return async (request, reply, act, body) => {
    const { method, url } = request
    const digest = async () => keySeal.digest(`${method} ${url} ${createHash('sha256').update(body ? await body() : JSON.stringify(request.body ?? null)).digest('hex')}`)
    const key = request.headers['idempotency-key']
    const answer = await once({ tokenId: actorOf(request).tokenId!, key: typeof key === 'string' ? key : undefined }, digest, act)
    if (answer.again) reply.header('idempotent-replayed', 'true')
    return reply.code(answer.status).send(answer.body)
  }
}
