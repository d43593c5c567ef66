import type { FastifyInstance, FastifyRequest } from 'fastify'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { pageBefore, safePath } from '../../http/page-before.ts'
import type { Services } from '../../services.ts'
import { takeBack, undoneText } from '../take-back.ts'

const config = { permission: 'user_360.undo' as const }
type OfEntry = { Params: { entry: string } }

/** Taking an act back, from its entry in the history or from the notice right after it. */
export function registerUndo(app: FastifyInstance, { db, queue, timeZone }: Services): void {
  app.post<OfEntry>('/history/:entry/undo', { config }, async (request, reply) => {
    const { id, name } = actorOf(request)
    const done = await takeBack({ db, queue }, { catalog: request.catalog, access: request.access, timeZone }, request.params.entry, { id, name })
    if ('jobId' in done) return reply.goTo(`/settings/jobs/${done.jobId}`)
    return reply.notice(undoneText(done), done.values > 0 && done.valuesSkipped === 0 ? 'good' : 'warn').goTo(backFrom(request))
  })
}

/** The page that the operator is on, which shows what changed; from the page that asks first, the one before that. */
function backFrom(request: FastifyRequest): string {
  const to = textOf(request.body, 'to')
  const path = to ? safePath(to) : pageBefore(request)
  return /^\/history\/\d+\/undo/.test(path) ? '/users' : path
}
