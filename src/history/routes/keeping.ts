import type { FastifyInstance } from 'fastify'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { getKeeping, keepingChoices, keepingWords, setKeeping } from '../keeping.ts'
import { countOldEntries } from '../queries/old-entries.ts'
import { keepingModel } from '../views/keeping.ts'

const config = { permission: 'history' as const }
const title = 'How long the history is kept'

/** How long the history is kept. A choice that removes entries is confirmed first, knowing how many. */
export function registerKeeping(app: FastifyInstance, { db }: Services): void {
  app.get('/settings/history/keeping', { config }, async (_request, reply) => reply.page('history/keeping', keepingModel(await getKeeping(db), null), { title }))

  app.post('/settings/history/keeping', { config }, async (request, reply) => {
    const typed = textOf(request.body, 'days')
    const days = keepingChoices.find((choice) => String(choice ?? '') === typed)
    if (days === undefined) throw new Invalid('Choose how long the history is kept from the list.')
    const entries = days === null ? 0 : await countOldEntries(db, days)
    if (days !== null && entries > 0 && textOf(request.body, 'confirmed') !== typed) return reply.page('history/keeping', keepingModel(await getKeeping(db), { days, entries }), { title })
    const { id, name } = actorOf(request)
    await setKeeping(db, days, { id, name })
    return reply.notice(days === null ? 'The history is kept for ever.' : `The history is kept for ${keepingWords(days)}.`).goTo('/settings/history')
  })
}
