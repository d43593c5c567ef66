import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { SignedIn } from '../../http/guard.ts'
import { pageBefore } from '../../http/page-before.ts'
import { Invalid } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { changePassword } from '../change-password.ts'
import { parseNewPassword } from '../forms.ts'
import { passwordModel } from '../views.ts'
import { beginSession } from './sign-in.ts'

const title = 'Change password'
const year = 365 * 24 * 3600

// Each press takes the next: dark, light, and again what the system says.
const themes: Record<string, { next: string; text: string }> = {
  dark: { next: 'light', text: 'Light colours.' },
  light: { next: '', text: 'Colours follow your system.' },
  '': { next: 'dark', text: 'Dark colours.' }
}

export function registerAccount(app: FastifyInstance, { db }: Services): void {
  app.get('/password', { config: { permission: 'signed_in' } }, async (request, reply) => {
    return reply.page('operators/password', passwordModel(operatorOf(request)), { title })
  })

  app.post('/password', { config: { permission: 'signed_in' } }, async (request, reply) => {
    const operator = operatorOf(request)
    const { value, messages } = parseNewPassword(request.body, operator.email)
    if (!value) return reply.page('operators/password', passwordModel(operator, messages), { title, status: 422 })
    try {
      await changePassword(db, operator, value)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return reply.page('operators/password', passwordModel(operator, error.fields, error.message), { title, status: 422 })
    }
    await beginSession(request, operator.id)
    return reply.notice('Your password was changed. You are signed out everywhere else.').goTo('/')
  })

  app.post('/theme', { config: { permission: 'signed_in' } }, async (request, reply) => {
    const theme = themes[request.cookies['theme'] ?? ''] ?? themes['']!
    reply.setCookie('theme', theme.next, { path: '/', sameSite: 'lax', httpOnly: true, maxAge: theme.next ? year : 0 })
    return reply.notice(theme.text).goTo(pageBefore(request, '/'))
  })
}

function operatorOf(request: FastifyRequest): SignedIn {
  if (!request.operator) throw new Error('The guard let a stranger pass')
  return request.operator
}
