import type { FastifyInstance, FastifyRequest } from 'fastify'
import { actorOf } from '../../http/guard.ts'
import { safePath } from '../../http/page-before.ts'
import type { Services } from '../../services.ts'
import { textOf } from '../forms.ts'
import { isSetUp } from '../queries.ts'
import { signIn } from '../sign-in.ts'
import { signOut } from '../sign-out.ts'

const answers = {
  'wrong': { status: 422, problem: 'The e-mail or the password is not right.' },
  'too many': { status: 429, problem: 'There were too many attempts. Wait 15 minutes, then try again.' }
}

/** A new session number at every change of who is behind it: one that was planted before is worth nothing. */
export async function beginSession(request: FastifyRequest, operatorId: number): Promise<void> {
  await request.session.regenerate()
  request.session.set('operatorId', operatorId)
  request.session.set('since', Date.now())
}

/** A session of somebody who is not signed in before the code of the second step. */
export async function awaitCode(request: FastifyRequest, operatorId: number, to: string): Promise<void> {
  await request.session.regenerate()
  request.session.set('awaitsCode', { operatorId, since: Date.now(), to })
}

export function registerSignIn(app: FastifyInstance, { db }: Services): void {
  const query = { type: 'object', properties: { to: { type: 'string', maxLength: 8000 } } }

  app.get<{ Querystring: { to?: string } }>('/sign-in', { config: { permission: 'public' }, schema: { querystring: query } }, async (request, reply) => {
    const to = request.query.to ?? ''
    if (request.operator) return reply.goTo(safePath(to))
    if (!(await isSetUp(db))) return reply.goTo('/set-up')
    return reply.page('operators/sign-in', { email: '', to, problem: '' }, { title: 'Sign in' })
  })

  app.post('/sign-in', { config: { permission: 'public' } }, async (request, reply) => {
    const [email, to] = [textOf(request.body, 'email'), textOf(request.body, 'to')]
    const answer = await signIn(db, { email, password: textOf(request.body, 'password'), address: request.ip })
    if ('refused' in answer) {
      request.log.warn({ address: request.ip, refused: answer.refused }, 'sign-in refused')
      const { status, problem } = answers[answer.refused]
      return reply.page('operators/sign-in', { email, to, problem }, { title: 'Sign in', status })
    }
    if (answer.twoStep) {
      await awaitCode(request, answer.id, safePath(to))
      return reply.goTo('/sign-in/code')
    }
    await beginSession(request, answer.id)
    return reply.goTo(safePath(to))
  })

  app.post('/sign-out', { config: { permission: 'signed_in' } }, async (request, reply) => {
    await signOut(db, actorOf(request), request.session.sessionId)
    await request.session.destroy()
    return reply.goTo('/sign-in')
  })
}
