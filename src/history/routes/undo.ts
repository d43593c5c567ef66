import type { FastifyInstance, FastifyRequest } from 'fastify'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { pageBefore, safePath } from '../../http/page-before.ts'
import { isByJob, previewUndo, takeBackEntry } from '../../overrides/take-back-entry.ts'
import type { Services } from '../../services.ts'
import { getUndoable, undoneText, type View } from '../get-undoable.ts'
import { entryLine, labelsOf } from '../lines.ts'
import { findEntry } from '../queries/entries.ts'
import { sightOf } from '../sight.ts'
import { undoModel } from '../views/undo.ts'

const config = { permission: 'user_360.undo' as const }
type OfEntry = { Params: { entry: string } }

/** Taking an act back, from its entry in the history or from the notice right after it. */
export function registerUndo(app: FastifyInstance, { db, queue, timeZone }: Services): void {
  const viewOf = ({ catalog, access }: FastifyRequest): View => ({ catalog, access, timeZone })

  /** Says first what will go: for acts on many users. */
  app.get<OfEntry>('/history/:entry/undo', { config }, async (request, reply) => {
    const { catalog, access } = request
    const entry = await getUndoable(db, viewOf(request), request.params.entry)
    const sight = sightOf(catalog, access)
    const row = await findEntry(db, { access, sight, timeZone }, entry.id)
    const effect = await previewUndo(db, catalog, timeZone, entry.id)
    const line = row && entryLine(row, { access, sight, timeZone, labels: labelsOf(access), mayUndo: true, mayUndoRuns: false })
    return reply.page('history/undo', undoModel(entry, line, effect, { byJob: isByJob(entry), backUrl: backFrom(request) }), { title: 'Take back' })
  })

  app.post<OfEntry>('/history/:entry/undo', { config }, async (request, reply) => {
    const { id, name } = actorOf(request)
    const entry = await getUndoable(db, viewOf(request), request.params.entry)
    const done = await takeBackEntry({ db, queue }, request.catalog, timeZone, entry, { id, name })
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
