import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../db/database.ts'
import { allTexts, textOf } from '../../form.ts'
import { formatCount } from '../../format.ts'
import { actorOf } from '../../http/guard.ts'
import { getSelection, type Selection } from '../../overrides/queries/selections.ts'
import { Invalid } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { idKeysFor, idKeysOf } from '../../users/id-keys.ts'
import { isRowNumber } from '../../users/queries/identity.ts'
import { readQueryText } from '../../users/user-query.ts'
import { chooseUsers, type Chosen } from '../choose-users.ts'
import type { Outcome } from '../decide-selection.ts'

export const mayBatch = { config: { permission: 'user_360.batch_tag' as const } }
export type OfSelection = { Params: { id: string } }

/** Choosing users of the list: frozen at once, so that what the dialog says is what is done. */
export function registerSelections(app: FastifyInstance, { db, timeZone, aesKey, keySeal }: Services): void {
  app.post('/users/selections', mayBatch, async (request, reply) => {
    const { id } = await choose(request)
    return reply.redirect(`/users/selections/${id}/${textOf(request.body, 'act') === 'return' ? 'return' : 'tagging'}`, 303)
  })

  app.post('/audiences/selections', { config: { permission: 'audiences.manage' } }, async (request, reply) => reply.redirect(`/audiences/new?choice=${(await choose(request)).id}`, 303))

  async function choose(request: FastifyRequest): Promise<Selection> {
    const { access } = request
    const chosen = chosenIn(request)
    const keys = 'query' in chosen ? await idKeysFor({ db, aesKey, keySeal }, access, actorOf(request), chosen.query) : idKeysOf(access, aesKey)
    return chooseUsers(db, access, { timeZone, keys }, chosen, actorOf(request).id)
  }
}

function chosenIn({ access, body }: FastifyRequest): Chosen {
  if (textOf(body, 'all') !== 'query') return { ticked: [...new Set(allTexts(body, 'user').filter(isRowNumber))] }
  const { query, problems } = readQueryText(access, textOf(body, 'in'))
  if (problems.length) throw new Invalid(`This list is too old: ${problems[0]} Reload it and choose again.`)
  return { query }
}

export function selectionFor(db: Db, request: FastifyRequest): Promise<Selection> {
  return getSelection(db, (request.params as { id: string }).id, actorOf(request).id)
}

/** To the job, or back to the list with what was done. The second time it leads to the same. */
export function toOutcome(reply: FastifyReply, outcome: NonNullable<Outcome>, say: (users: string) => string, back: string) {
  if ('jobId' in outcome) return reply.goTo(`/settings/jobs/${outcome.jobId}`)
  const text = say(formatCount(outcome.users, 'user'))
  return reply.notice(outcome.again ? `This was done already: ${text}` : text, 'good', outcome.entryId).goTo(back)
}
