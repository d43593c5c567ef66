import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { problemOf } from '../../conditions/check-condition.ts'
import { findOpenField } from '../../conditions/field.ts'
import { chosenField, isField, readEditor, type EditorInput } from '../../conditions/forms.ts'
import { oneOf, type Params } from '../../conditions/params.ts'
import { editorModel, type EditorModel } from '../../conditions/views.ts'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { getSelection } from '../../overrides/queries/selections.ts'
import { Conflict, Invalid } from '../../problem.ts'
import { readSchedule, type ScheduleOffer } from '../../schedules/form.ts'
import { getSchedule } from '../../schedules/queries.ts'
import type { Services } from '../../services.ts'
import { listFrequentValues } from '../../users/queries/suggestions.ts'
import type { Audience } from '../audience.ts'
import { readDetails, readVersion } from '../forms.ts'
import { listGroups } from '../queries/groups.ts'
import { nextRules } from '../rule-draft.ts'
import { conditionOfGroup, groupOf, withoutEmpty } from '../rule-tree.ts'
import { addAudience, changeAudience, type Wanted } from '../save-audience.ts'
import { audienceFormModel, type FormInput } from '../views/form.ts'
import { ownAudienceFor, schema, type WithId } from './audience.ts'
import { firstInput } from './first-input.ts'

const config = { permission: 'audiences.manage' as const }
/** A pasted list of a hundred thousand values is a few MB. */
const bodyLimit = 32 * 1024 * 1024

/** Making and changing an audience. Rules are put together in the form, one press after another, and hold when it is saved. */
export function registerForm(app: FastifyInstance, { db, queue, timeZone }: Services): void {
  app.get('/audiences/new', { config }, async (request, reply) => show(request, reply, null, await firstInput(db, request)))

  app.get<WithId>('/audiences/:id/edit', { config, schema }, async (request, reply) => {
    const audience = await ownAudienceFor(db, request)
    const lost = audience.rules !== null && problemOf(request.access, audience.rules) !== undefined
    const { name, description, shared, groupId } = audience
    return show(request, reply, audience, {
      details: { name, description, shared, groupId }, schedule: (await getSchedule(db, { kind: 'audience', subjectId: audience.id }))?.schedule ?? null,
      draft: audience.kind === 'rules' ? { group: groupOf(lost || !audience.rules ? { and: [] } : audience.rules), editor: null } : null,
      warning: lost ? 'Its rules name something that you do not see any more, or that is gone. Saving puts these in their place.' : ''
    })
  })

  app.post('/audiences', { config, bodyLimit }, async (request, reply) => save(request, reply, null))

  app.post<WithId>('/audiences/:id', { config, schema, bodyLimit }, async (request, reply) => save(request, reply, await ownAudienceFor(db, request)))

  app.get('/audiences/rules/editor', { config }, async (request, reply) => reply.fragment('conditions/_editor', await openEditor(request, readEditor(request.query as Params), '')))

  app.get('/audiences/rules/values', { config }, async (request, reply) => {
    const params = request.query as Params
    return reply.fragment('conditions/_suggestions', { values: (await frequent(request, oneOf(params, 'field'), oneOf(params, 'value'))).map(({ value }) => value) })
  })

  async function save(request: FastifyRequest, reply: FastifyReply, audience: Audience | null) {
    const { access } = request
    const body = (request.body ?? {}) as Params
    const choice = textOf(body, 'choice')
    const byRules = audience ? audience.kind === 'rules' : choice === ''
    const step = byRules ? nextRules(access, body) : { group: groupOf({ and: [] }), editor: null, save: true }
    const { schedule, messages } = byRules ? readSchedule(offerFor(request), body) : { schedule: null, messages: {} }
    const input: FormInput = { details: readDetails(body), draft: byRules ? step : null, schedule, body }
    if (!step.save) return show(request, reply, audience, input, step.editor?.message ? 422 : 200)
    const wanted: Wanted = { details: input.details, rules: byRules ? conditionOfGroup(withoutEmpty(step.group)) : null, schedule, ...(choice && !audience ? { selectionId: choice } : {}) }
    try {
      if (Object.keys(messages).length) throw new Invalid('The audience was not saved.', messages)
      const saved = audience ? await changeAudience(db, queue, access, audience.id, readVersion(body), wanted, actorOf(request)) : await addAudience(db, queue, access, wanted, actorOf(request))
      if (saved.jobId !== null) await queue.wake(saved.jobId)
      return await reply.notice(audience ? `${wanted.details.name} was saved.` : `${wanted.details.name} was added, and is being built.`).goTo(`/audiences/${saved.id}`)
    } catch (error) {
      if (error instanceof Conflict) return show(request, reply, audience, { ...input, warning: error.message }, 409)
      if (!(error instanceof Invalid)) throw error
      return show(request, reply, audience, { ...input, messages: { ...messages, ...error.fields } }, 422)
    }
  }

  async function show(request: FastifyRequest, reply: FastifyReply, audience: Audience | null, input: FormInput, status = 200) {
    const id = textOf(request.method === 'GET' ? request.query : request.body, 'choice')
    const chosen = id && !audience ? await getSelection(db, id, actorOf(request).id) : null
    const editor = input.draft?.editor ? await openEditor(request, input.draft.editor.input, input.draft.editor.message) : null
    const model = audienceFormModel({ access: request.access, groups: await listGroups(db), offer: offerFor(request) }, { audience, ...(chosen ? { choice: { id, users: chosen.users } } : {}) }, input, editor)
    return reply.page('audiences/form', model, { title: model.heading, fragments: { 'audience-rules': 'audiences/_rules' }, status })
  }

  function offerFor({ access }: FastifyRequest): ScheduleOffer {
    return { every: ['hour', 'day', 'week', 'month', 'import'], sources: access.sources.map((source) => ({ value: String(source.id), label: source.alias })), days: false, never: 'By hand only', timeZone }
  }

  async function openEditor(request: FastifyRequest, input: EditorInput, message: string): Promise<EditorModel> {
    const field = chosenField(request.access, input.label)
    const values = isField(field) ? await frequent(request, field.ref, '') : []
    return editorModel(request.access, input, field, values, message, { selects: 'users', lists: true, refresh: '/audiences/rules/editor', suggest: '/audiences/rules/values', cancel: '' })
  }

  async function frequent(request: FastifyRequest, ref: string, typed: string) {
    const field = findOpenField(request.access, ref)
    if (!field || !['text', 'choice', 'multi'].includes(field.type)) return []
    return listFrequentValues(db, request.access, timeZone, field, typed)
  }
}
