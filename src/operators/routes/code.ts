import type { FastifyInstance, FastifyRequest } from 'fastify'
import { textOf } from '../../form.ts'
import { safePath } from '../../http/page-before.ts'
import type { Services } from '../../services.ts'
import { confirmSignIn } from '../sign-in.ts'
import { refusedCodes } from '../take-code.ts'
import { codeModel } from '../views/two-step.ts'
import { beginSession } from './sign-in.ts'

const title = 'Code'
const minutesForCode = 10

/** The second step of signing in, for who gave the right password in this session a moment ago. */
export function registerCode(app: FastifyInstance, { db, secretSeal }: Services): void {
  app.get('/sign-in/code', { config: { permission: 'public' } }, async (request, reply) => {
    return awaited(request) ? reply.page('operators/code', codeModel(''), { title }) : reply.goTo('/sign-in')
  })

  app.post('/sign-in/code', { config: { permission: 'public' } }, async (request, reply) => {
    const waiting = awaited(request)
    if (!waiting) return reply.goTo('/sign-in')
    const answer = await confirmSignIn(db, secretSeal, waiting, textOf(request.body, 'code'))
    if ('refused' in answer) {
      request.log.warn({ address: request.ip, refused: answer.refused }, 'code refused')
      return reply.page('operators/code', codeModel(refusedCodes[answer.refused]), { title, status: answer.refused === 'too many' ? 429 : 422 })
    }
    await beginSession(request, waiting.operatorId)
    if (answer.by === 'recovery code') reply.notice('You signed in with a recovery code. Each works once; new ones are made on the page Two-step sign-in.', 'warn')
    return reply.goTo(safePath(waiting.to))
  })
}

function awaited(request: FastifyRequest) {
  const waiting = request.session.get('awaitsCode') as { operatorId: number; since: number; to: string } | undefined
  return waiting && waiting.since > Date.now() - minutesForCode * 60_000 ? waiting : undefined
}
