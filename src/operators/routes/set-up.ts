import type { FastifyInstance } from 'fastify'
import { sameSecret } from '../../http/same-secret.ts'
import type { Services } from '../../services.ts'
import { parseSetUp, textOf } from '../forms.ts'
import { isSetUp } from '../queries.ts'
import { setUp } from '../set-up.ts'
import { mayTryCode } from '../sign-in.ts'
import { setUpModel } from '../views.ts'
import { beginSession } from './sign-in.ts'

const title = 'Set up'

/** The first-run page. It opens with the one-time code of the log, so that not whoever comes first becomes administrator. */
export function registerSetUp(app: FastifyInstance, { db, setUpCode }: Services): void {
  app.get('/set-up', { config: { permission: 'public' } }, async (_request, reply) => {
    if (await isSetUp(db)) return reply.goTo('/sign-in')
    return reply.page('operators/set-up', setUpModel(), { title })
  })

  app.post('/set-up', { config: { permission: 'public' } }, async (request, reply) => {
    if (await isSetUp(db)) return reply.goTo('/sign-in')
    const typed = (name: string) => textOf(request.body, name)
    if (!(await mayTryCode(db, request.ip))) return reply.page('operators/set-up', setUpModel(typed, {}, 'There were too many attempts. Wait 15 minutes, then try again.'), { title, status: 429 })
    const { value, messages } = parseSetUp(request.body)
    const known = sameCode(typed('code'), setUpCode)
    // A stranger learns nothing but that the code is wrong.
    if (!known || !value) return reply.page('operators/set-up', setUpModel(typed, known ? messages : { code: 'This is not the code. It stands in the log since the last start of the console.' }), { title, status: 422 })
    const operatorId = await setUp(db, value)
    await beginSession(request, operatorId)
    return reply.notice('The console is set up. Bring in the first table of users next.').goTo('/users')
  })
}

function sameCode(typed: string, code: string | null): boolean {
  if (code === null) return false
  const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')
  return sameSecret(bare(typed), bare(code))
}
