import type { FastifyInstance, FastifyRequest } from 'fastify'
import { may } from '../access/permissions.ts'
import type { Db } from '../db/database.ts'
import { actorOf } from '../http/guard.ts'
import { Invalid, NotFound } from '../problem.ts'
import type { Services } from '../services.ts'
import { groupIdOf, problemsOfTag, readTag, readTagQuery } from './forms.ts'
import { listTagStatistics } from './queries.ts'
import { registerBatch } from './routes/batch.ts'
import { registerGroups } from './routes/groups.ts'
import { registerReturns } from './routes/returns.ts'
import { registerSelections } from './routes/selections.ts'
import { registerTagging } from './routes/tagging.ts'
import { saveTag } from './save-tag.ts'
import { tagsModel, tagsOf, type Tag } from './views.ts'
import { tagModel } from './views/forms.ts'

const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2147483647 } } } }
type WithId = { Params: { id: number } }

export async function registerTags(app: FastifyInstance, services: Services): Promise<void> {
  const { db, timeZone } = services

  app.get('/settings/tags', { config: { permission: 'tags.view' } }, async (request, reply) => {
    const tags = tagsOf(request.access, await listTagStatistics(db, request.access.tags.map(({ column }) => column.column)))
    return reply.page('tags/list', tagsModel(request.access, tags, readTagQuery(request.query), mayManage(request)), { title: 'Tags', fragments: { 'tag-table': 'tags/_table' } })
  })

  registerGroups(app, services)
  registerTagging(app, services)
  registerSelections(app, services)
  registerBatch(app, services)
  registerReturns(app, services)

  app.get<WithId>('/settings/tags/:id', { config: { permission: 'tags.view' }, schema }, async (request, reply) => {
    const tag = await tagFor(db, request, request.params.id)
    const { column } = tag
    const input = { name: tag.name, group: String(column.tagGroupId ?? ''), description: column.description ?? '', filterIndex: column.filterIndex }
    return reply.page('tags/tag', tagModel(request.access, tag, input, { mayManage: mayManage(request), timeZone }), { title: tag.name })
  })

  app.post<WithId>('/settings/tags/:id', { config: { permission: 'tags.manage' }, schema }, async (request, reply) => {
    const tag = await tagFor(db, request, request.params.id)
    const input = readTag(request.body)
    const again = (messages: Record<string, string>) => reply.page('tags/tag', tagModel(request.access, tag, input, { mayManage: true, timeZone }, messages), { title: tag.name, status: 422 })
    const messages = problemsOfTag(input)
    if (Object.keys(messages).length) return again(messages)
    try {
      const value = { name: input.name, groupId: groupIdOf(input.group), description: input.description || null, filterIndex: input.filterIndex }
      const jobId = await saveTag(services, tag.column.id, value, actorOf(request))
      if (jobId !== null) return reply.goTo(`/settings/jobs/${jobId}`)
      return reply.notice(`${value.name} was saved.`).goTo('/settings/tags')
    } catch (error) {
      if (error instanceof Invalid) return again(error.fields)
      throw error
    }
  })
}

export function mayManage(request: FastifyRequest): boolean {
  return may(actorOf(request), 'tags.manage')
}

/** A visible tag; a hidden one and one that never was are answered alike. */
async function tagFor(db: Db, request: FastifyRequest, id: number): Promise<Tag> {
  const found = request.access.tag(id)
  const tag = found && tagsOf(request.access, await listTagStatistics(db, [found.column.column])).find(({ column }) => column.id === id)
  if (!tag) throw new NotFound('There is no such tag.')
  return tag
}
