import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { findOpenField, labelOfTag } from '../../conditions/field.ts'
import { readSnapshot } from '../../db/snapshot.ts'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { partialTarget } from '../../http/page.ts'
import { pageBefore, safePath } from '../../http/page-before.ts'
import { NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { beginReading } from '../../users/queries/begin.ts'
import { findCalled } from '../../users/queries/called.ts'
import { listFrequentValues } from '../../users/queries/suggestions.ts'
import { firstTagging, readTagging, tagsChosen, type TaggingInput } from '../forms/tagging.ts'
import { tagUser, type ChosenTag } from '../tag-user.ts'
import { taggingModel } from '../views/tagging.ts'

const config = { permission: 'user_360.tag' as const }
const readLimit = 5000
type OfUser = { Params: { id: string } }
interface User { id: string; called: string }

/** Tagging one user: a dialog over list or profile, or a page of its own. Each button of the form sends all that was chosen so far. */
export function registerTagging(app: FastifyInstance, { db, timeZone }: Services): void {
  app.get<OfUser>('/users/:id/taggings/new', { config }, async (request, reply) => {
    const user = await userFor(request)
    return answer(request, reply, user, firstTagging(request.access), pageBefore(request, `/users/${user.id}`), true)
  })

  app.post<OfUser>('/users/:id/taggings', { config }, async (request, reply) => {
    const { access, body } = request
    const user = await userFor(request)
    const back = safePath(textOf(body, 'back'), `/users/${user.id}`)
    const act = textOf(body, 'act')
    const input = readTagging(access, body)
    if (act !== 'save') return answer(request, reply, user, input, back, act === 'take' || act.startsWith('drop'))
    const chosen = tagsChosen(access, input)
    if ('problem' in chosen) return answer(request, reply, user, { ...input, message: chosen.problem }, back, true, 422)
    const { id, name } = actorOf(request)
    const { entryId } = await tagUser(db, request.catalog, timeZone, user.id, chosen.tags, { id, name })
    return tagged(request, reply, user, sayTagged(user, chosen.tags), entryId ?? '', back)
  })

  /** Who is tagged: hidden ones and those that never were are answered alike. */
  async function userFor(request: FastifyRequest): Promise<User> {
    const { id } = request.params as { id: string }
    const user = await readSnapshot(db, async (snapshot) => {
      await beginReading(snapshot, request.access, readLimit)
      return findCalled(snapshot, request.access, timeZone, id)
    })
    if (!user) throw new NotFound('There is no user with this ID.')
    return user
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, user: User, input: TaggingInput, back: string, begins: boolean, status = 200) {
    const { access } = request
    const field = input.tag ? findOpenField(access, `tag:${input.tag.column.id}`) : undefined
    const frequent = field ? await listFrequentValues(db, access, timeZone, field, input.search.slice(0, 200)) : []
    const model = taggingModel(access, user, input, frequent, back, begins || input.message !== '')
    return reply.page('tags/tagging', model, { title: `Tag ${user.called}`, fragments: { dialog: 'tags/_tagging', 'tag-values': 'tags/_tag-values' }, status })
  }
}

function sayTagged(user: User, tags: readonly ChosenTag[]): string {
  const labels = tags.map(({ tag }) => labelOfTag(tag.column))
  return `${labels.length > 3 ? `${labels.length} tags` : labels.join(', ')} of ${user.called} ${labels.length === 1 ? 'is' : 'are'} set and kept.`
}

/** The dialog closes; what shows the user is read anew by itself. */
function tagged(request: FastifyRequest, reply: FastifyReply, user: User, text: string, undo: string, back: string) {
  if (partialTarget(request) === undefined) return reply.notice(text, 'good', undo).goTo(back)
  reply.header('HX-Trigger', `dialog:close, user-${user.id}-changed`)
  return reply.fragment('tags/_tagged', { notice: { tone: 'good', text, undo } })
}
