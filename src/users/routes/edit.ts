import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { may } from '../../access/permissions.ts'
import { fieldOfAttribute, type Field } from '../../conditions/field.ts'
import { readSnapshot } from '../../db/snapshot.ts'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { partialTarget } from '../../http/page.ts'
import { pageBefore, safePath } from '../../http/page-before.ts'
import { NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { editFields, Stale } from '../edit-fields.ts'
import { findFieldStates, type FieldState } from '../field-state.ts'
import { editsOf, nameOf, readFields, type TypedField } from '../forms/edit.ts'
import { formatValue } from '../format-value.ts'
import { beginReading } from '../queries/begin.ts'
import { listFrequentValues } from '../queries/suggestions.ts'
import { listLimit } from '../read-list.ts'
import { editModel, type EditProblem } from '../views/edit.ts'
import { saidEdited } from '../views/said.ts'

const mayEdit = { config: { permission: 'user_360.edit' as const } }
type OfUser = { Params: { id: string } }

interface Opened { userId: string; called: string; states: FieldState[] }
interface Form { typed: TypedField[]; problems: Map<string, EditProblem>; back: string }

/** All attributes of a user at once: a dialog over the list, or a page of its own. */
export function registerEdit(app: FastifyInstance, { db, timeZone }: Services): void {
  app.get<OfUser>('/users/:id/edit', mayEdit, async (request, reply) => {
    const user = await open(request)
    return answer(request, reply, user, { typed: [], problems: new Map(), back: pageBefore(request, '/users') })
  })

  app.post<OfUser>('/users/:id/edit', mayEdit, async (request, reply) => {
    const user = await open(request)
    const back = safePath(textOf(request.body, 'back'), '/users')
    const typed = readFields(fieldsOf(request), request.body)
    const theirs = textOf(request.body, 'theirs')
    if (theirs) return answer(request, reply, user, { typed: typed.filter((one) => nameOf(one.field) !== theirs), problems: new Map(), back })
    const read = editsOf(typed, new Date(), timeZone)
    if ('messages' in read) return answer(request, reply, user, { typed, problems: new Map([...read.messages].map(([ref, message]) => [ref, { message, conflict: false }])), back }, 422)
    try {
      const { entryId } = await editFields(db, { access: request.access, catalog: request.catalog, timeZone }, user.userId, read.edits, actorOf(request))
      return await saved(request, reply, user.userId, entryId ? saidEdited((await open(request)).called) : '', entryId ?? '', back)
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      const problems = new Map(error.states.map(({ field, value, decision }) => [field.ref as string, { message: saidNow(formatValue(field.type, value, timeZone), decision?.operator ?? null), conflict: true }]))
      return answer(request, reply, { ...user, states: user.states.map((state) => error.states.find((stale) => stale.field.ref === state.field.ref) ?? state) }, { typed, problems, back }, 409)
    }
  })

  async function open(request: FastifyRequest): Promise<Opened> {
    const { id } = request.params as { id: string }
    const found = await readSnapshot(db, async (snapshot) => {
      await beginReading(snapshot, request.access, listLimit)
      return findFieldStates(snapshot, request.access, timeZone, id, fieldsOf(request))
    })
    if (!found) throw new NotFound('There is no user with this ID.')
    const name = found.states.find((state) => state.field.ref === 'attribute:name')
    return { ...found, called: formatValue('text', name?.value ?? null, timeZone) || `User ${found.userId}` }
  }

  async function answer(request: FastifyRequest, reply: FastifyReply, user: Opened, { typed, problems, back }: Form, status = 200) {
    const level = user.states.find(({ field }) => field.ref === 'attribute:member_level' && field.type === 'text')?.field
    const offers = level ? (await listFrequentValues(db, request.access, timeZone, level, '')).map((one) => one.value) : []
    const model = editModel(user, user.states, typed, problems, new Map([['attribute:member_level', offers]]), back, timeZone)
    return reply.page('users/edit', model, { title: `Edit ${user.called}`, fragments: { dialog: 'users/_edit' }, status })
  }

  /** The list shows the user anew where it stands; without a script it is shown again. */
  async function saved(request: FastifyRequest, reply: FastifyReply, userId: string, text: string, entryId: string, back: string) {
    const undo = may(actorOf(request), 'user_360.undo') ? entryId : ''
    if (partialTarget(request) === undefined) {
      if (text) reply.notice(text, 'good', undo)
      return reply.goTo(back)
    }
    reply.header('HX-Trigger', `dialog:close, user-${userId}-changed`)
    return reply.fragment('users/_edited', { notice: text ? { tone: 'good', text, undo } : null })
  }
}

/** The attributes that this operator sees unmasked. */
function fieldsOf(request: FastifyRequest): Field[] {
  return request.access.attributes.filter((attribute) => !attribute.masked).map(fieldOfAttribute)
}

function saidNow(now: string, operator: string | null): string {
  return `${operator ?? 'Somebody'} changed this to ${now === '' ? 'empty' : `“${now}”`} meanwhile. OK sets yours.`
}
