import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { VisibleSource } from '../../access/access.ts'
import type { Condition } from '../../catalog/condition.ts'
import { problemOfRows } from '../../conditions/check-condition.ts'
import { readConditions } from '../../conditions/condition-text.ts'
import { findOpenField } from '../../conditions/field.ts'
import { chosenField, isField, readEditor, type EditorInput } from '../../conditions/forms.ts'
import { oneOf, type Params } from '../../conditions/params.ts'
import { editorModel, type EditorModel } from '../../conditions/views.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid, NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { listFrequentValues } from '../../users/queries/suggestions.ts'
import { Stale } from '../role-state.ts'
import { nextStep, type Draft } from '../row-draft.ts'
import { saveRows } from '../save-rows.ts'
import { rowConditionModel, rowsModel } from '../views/rows.ts'
import { config, ofRole, roleOf, type WithRole, type WithSource } from './role-of.ts'

/** Which rows of each source a role sees. Conditions are put together in the form and hold when it is saved. */
export function registerRows(app: FastifyInstance, { db, timeZone }: Services): void {
  app.get<WithRole>('/settings/roles/:id/rows', { config, schema: ofRole }, async (request, reply) => {
    const { all, role } = await roleOf(db, request)
    return reply.page('roles/rows', rowsModel(all, role, request.access), { title: `Rows of ${role.name}` })
  })

  app.get<WithSource>('/settings/roles/:id/rows/:source', { config, schema: ofRole }, async (request, reply) => show(request, reply, { conditions: null, editor: null, message: '' }))

  app.get<WithSource>('/settings/roles/:id/rows/:source/editor', { config, schema: ofRole }, async (request, reply) => {
    await roleOf(db, request)
    return reply.fragment('conditions/_editor', await openEditor(request, readEditor(request.query as Params), ''))
  })

  app.get<WithSource>('/settings/roles/:id/rows/:source/values', { config, schema: ofRole }, async (request, reply) => {
    await roleOf(db, request)
    const params = request.query as Params
    const values = await frequent(request, oneOf(params, 'field'), oneOf(params, 'value'))
    return reply.fragment('conditions/_suggestions', { values: values.map(({ value }) => value) })
  })

  app.post<WithSource>('/settings/roles/:id/rows/:source', { config, schema: ofRole }, async (request, reply) => {
    const source = sourceOf(request)
    const access = request.access.only(source.id)
    const body = (request.body ?? {}) as Params
    const conditions = readConditions(oneOf(body, 'where'))
    // Leaving one out would show more rows than were asked for.
    if (!conditions || conditions.some((condition) => problemOfRows(access, condition) !== undefined)) throw new Invalid('The conditions of this form cannot be asked of rows. Nothing was saved; open the page anew.')
    const step = nextStep(access, conditions, body)
    if (!step.save || step.message) return show(request, reply, step, step.message ? 422 : 200)
    try {
      const changed = await saveRows(db, request.params.id, source, access, { condition: joined(step.conditions ?? []), seen: oneOf(body, 'seen') }, actorOf(request))
      return await reply.notice(changed ? `The rows of ${source.alias} were saved. They hold from now on.` : 'Nothing was changed.').goTo(`/settings/roles/${request.params.id}/rows`)
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      return show(request, reply, { conditions: null, editor: null, message: '' }, 409, error.message)
    }
  })

  async function show(request: FastifyRequest<WithSource>, reply: FastifyReply, draft: Draft, status = 200, problem = '') {
    const { all, role } = await roleOf(db, request)
    const source = sourceOf(request)
    const editor = draft.editor && await openEditor(request, draft.editor, draft.message)
    const model = rowConditionModel(all, role, source, request.access.only(source.id), draft.conditions, { editor, editorUrl: `${addressOf(request)}/editor`, problem })
    return reply.page('roles/row-condition', model, { title: `Rows of ${source.alias} for ${role.name}`, status })
  }

  async function openEditor(request: FastifyRequest<WithSource>, input: EditorInput, message: string): Promise<EditorModel> {
    const access = request.access.only(sourceOf(request).id)
    const field = chosenField(access, input.label, 'rows')
    const values = isField(field) ? await frequent(request, field.ref, '') : []
    return editorModel(access, input, field, values, message, { selects: 'rows', refresh: `${addressOf(request)}/editor`, suggest: `${addressOf(request)}/values`, cancel: '' })
  }

  async function frequent(request: FastifyRequest<WithSource>, ref: string, typed: string) {
    const access = request.access.only(sourceOf(request).id)
    const field = findOpenField(access, ref)
    if (!field || !['text', 'choice', 'multi'].includes(field.type)) return []
    return listFrequentValues(db, access, timeZone, field, typed)
  }
}

/** A source that this operator sees; a hidden one and one that never was are answered alike. */
function sourceOf(request: FastifyRequest<WithSource>): VisibleSource {
  const source = request.access.source(request.params.source)
  if (!source) throw new NotFound('There is no such source.')
  return source
}

function addressOf({ params }: FastifyRequest<WithSource>): string {
  return `/settings/roles/${params.id}/rows/${params.source}`
}

/** All of them must hold; without any every row is seen. */
function joined(conditions: readonly Condition[]): Condition | null {
  return conditions.length === 0 ? null : conditions.length === 1 ? conditions[0]! : { and: [...conditions] }
}
