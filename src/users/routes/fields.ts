import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { may } from '../../access/permissions.ts'
import { findField, findOpenField, type Field } from '../../conditions/field.ts'
import { oneOf, type Params } from '../../conditions/params.ts'
import { readSnapshot } from '../../db/snapshot.ts'
import { actorOf } from '../../http/guard.ts'
import { partialTarget } from '../../http/page.ts'
import type { Notice } from '../../http/shell.ts'
import { findLastAct } from '../../overrides/queries/shown-decisions.ts'
import { NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { editFields, returnField, Stale } from '../edit-fields.ts'
import { findFieldStates, type FieldState } from '../field-state.ts'
import { formatValue } from '../format-value.ts'
import { readInput, type FieldInput } from '../forms/field.ts'
import { beginReading } from '../queries/begin.ts'
import { listSourceValues } from '../queries/source-values.ts'
import { listFrequentValues } from '../queries/suggestions.ts'
import { listLimit } from '../read-list.ts'
import { editText, readTyped } from '../typed-value.ts'
import { profileAddress } from '../views/profile.ts'
import { editorOf, type EditorState } from '../views/inline-editor.ts'
import { fieldId, fieldModel, type FieldModel } from '../views/field.ts'
import { overrideModel } from '../views/override.ts'
import { saidConflict, saidReturned, saidSet } from '../views/said.ts'

const mayEdit = { config: { permission: 'user_360.edit' as const } }
type Place = { Params: { id: string; ref: string } }

interface Opened { userId: string; called: string; state: FieldState }

/** One value of a user as a resource: shown, in its editor, set by hand, given back to its source. */
export function registerFields(app: FastifyInstance, { db, timeZone }: Services): void {
  app.get<Place>('/users/:id/fields/:ref', { config: { permission: 'user_360.view' } }, async (request, reply) => {
    const { userId, called, state } = await open(request, request.params.id, request.params.ref)
    if (partialTarget(request) === undefined) return reply.redirect(profileOf(request, userId, state.field), 303)
    return answer(reply, called, await shownModel(request, userId, state, oneOf(request.query as Params, 'focus') === '1'))
  })

  app.get<Place>('/users/:id/fields/:ref/edit', mayEdit, async (request, reply) => {
    const { userId, called, state } = await open(request, request.params.id, request.params.ref)
    const text = editText(state.value, timeZone)
    return answer(reply, called, await editorModel(request, userId, state, { text, was: text, version: state.version, problem: null, focus: true }))
  })

  for (const method of ['PATCH', 'POST'] as const) {
    app.route<Place>({ method, url: '/users/:id/fields/:ref', ...mayEdit, handler: async (request, reply) => save(request, reply, request.params.id, request.params.ref, readInput(request.body)) })
  }

  app.post<{ Params: { id: string } }>('/users/:id/returns', mayEdit, async (request, reply) => {
    const before = await open(request, request.params.id, oneOf((request.body ?? {}) as Params, 'field'))
    const { entryId } = await returnField(db, readerOf(request), before.userId, before.state.field, actorOf(request))
    const { userId, called, state } = await open(request, before.userId, before.state.field.ref)
    return saved(request, reply, { userId, called, state }, entryId ? saidReturned(state.field, called) : '', entryId ?? '', true)
  })

  async function save(request: FastifyRequest, reply: FastifyReply, id: string, ref: string, input: FieldInput) {
    const opened = await open(request, id, ref)
    const { userId, state: { field } } = opened
    const typed = input.text === input.was ? { value: null } : readTyped(field, input.text, new Date(), timeZone)
    if ('message' in typed) return answer(reply, opened.called, await editorModel(request, userId, opened.state, { ...input, was: input.was ?? editText(opened.state.value, timeZone), problem: { message: typed.message, conflict: false }, focus: input.pressed }), 422)
    try {
      const { entryId } = await editFields(db, readerOf(request), userId, [{ field, value: typed.value, ...input }], actorOf(request))
      const now = await open(request, userId, ref)
      return await saved(request, reply, now, entryId ? saidSet(field, typed.value === null, now.called) : '', entryId ?? '', input.pressed)
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      const now = error.states[0]!
      const last = await findLastAct(db, userId, { attributeId: field.attribute?.id ?? null, columnId: field.tag?.column.id ?? null })
      const message = saidConflict(formatValue(field.type, now.value, timeZone), now.decision, last, timeZone)
      return answer(reply, opened.called, await editorModel(request, userId, now, { ...input, was: editText(now.value, timeZone), version: now.version, problem: { message, conflict: true }, focus: input.pressed }), 409)
    }
  }

  /** The value after an act, with a notice that offers to take it back; without a script the profile says it. */
  async function saved(request: FastifyRequest, reply: FastifyReply, { userId, called, state }: Opened, text: string, entryId: string, focus: boolean) {
    const undo = may(actorOf(request), 'user_360.undo') ? entryId : ''
    if (partialTarget(request) === undefined) {
      if (text) reply.notice(text, 'good', undo)
      return reply.redirect(profileOf(request, userId, state.field), 303)
    }
    return answer(reply, called, await shownModel(request, userId, state, focus), 200, text ? { tone: 'good', text, undo } : null)
  }

  /** A field that this operator sees unmasked, of a user that is to be seen. Hidden, masked and unknown ones, and IDs, are answered alike. */
  async function open(request: FastifyRequest, id: string, ref: string): Promise<Opened> {
    const { access } = request
    const field = findOpenField(access, ref)
    if (!field || field.type === 'id') throw new NotFound('There is no such value to edit.')
    const name = findField(access, 'attribute:name')
    const found = await readSnapshot(db, async (snapshot) => {
      await beginReading(snapshot, access, listLimit)
      return findFieldStates(snapshot, access, timeZone, id, [field, ...(name && !name.masked ? [name] : [])])
    })
    if (!found) throw new NotFound('There is no user with this ID.')
    return { userId: found.userId, state: found.states[0]!, called: formatValue('text', found.states[1]?.value ?? null, timeZone) || `User ${found.userId}` }
  }

  async function shownModel(request: FastifyRequest, userId: string, { field, value, decision }: FieldState, autofocus: boolean): Promise<FieldModel> {
    const operator = actorOf(request)
    const sources = decision ? await listSourceValues(db, request.access, request.catalog, timeZone, userId, [field]) : null
    const override = decision && overrideModel(field, decision, sources?.get(field.ref), { timeZone, mayReturn: may(operator, 'user_360.edit'), mayOpenRuns: may(operator, 'imports') })
    return fieldModel(field, userId, value, timeZone, { mayEdit: may(operator, 'user_360.edit'), override, autofocus })
  }

  async function editorModel(request: FastifyRequest, userId: string, { field, value }: FieldState, editor: Omit<EditorState, 'cancel' | 'in' | 'offers'>): Promise<FieldModel> {
    const offers = field.type === 'text' && field.ref !== 'attribute:name' ? (await listFrequentValues(db, request.access, timeZone, field, '')).map((one) => one.value) : []
    return fieldModel(field, userId, value, timeZone, { mayEdit: true, editor: editorOf(field, { ...editor, offers, cancel: profileOf(request, userId, field), in: inOf(request) }, timeZone) })
  }

  function answer(reply: FastifyReply, called: string, field: FieldModel, status = 200, notice: Notice | null = null) {
    const model = { field, name: called, called: notice && field.ref === 'attribute:name' ? called : '', notice }
    return reply.page('users/field', model, { title: `Edit ${field.spoken}`, fragments: { [field.id]: 'users/_field-answer' }, status })
  }

  function readerOf(request: FastifyRequest) {
    return { access: request.access, catalog: request.catalog, timeZone }
  }
}

/** The list that the profile was opened from, as its pages hand it on. */
function inOf(request: FastifyRequest): string | null {
  const params = { ...(request.query as Params), ...(request.body as Params | null) }
  return params['in'] === undefined ? null : oneOf(params, 'in')
}

function profileOf(request: FastifyRequest, userId: string, field: Field): string {
  return `${profileAddress(userId, inOf(request))}#${fieldId(field.ref)}`
}

