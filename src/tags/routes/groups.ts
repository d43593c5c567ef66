import type { FastifyInstance } from 'fastify'
import type { Access } from '../../access/access.ts'
import type { TagGroup } from '../../catalog/catalog.ts'
import { textOf } from '../../form.ts'
import { actorOf } from '../../http/guard.ts'
import { Invalid, NotFound } from '../../problem.ts'
import type { Services } from '../../services.ts'
import { addGroup, removeGroup, saveGroup } from '../change-groups.ts'
import { groupIdOf, groupValueOf, readGroupForm } from '../forms.ts'
import { familyOf } from '../tag-group.ts'
import { groupDeletionModel, groupModel } from '../views/forms.ts'

const config = { permission: 'tags.manage' as const }
const schema = { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1, maximum: 2147483647 } } } }
type WithId = { Params: { id: number } }

export function registerGroups(app: FastifyInstance, { db }: Services): void {
  app.get('/settings/tags/groups/new', { config }, async (request, reply) => {
    const parent = String(groupIdOf(textOf(request.query, 'parent')) ?? '')
    return reply.page('tags/group', groupModel(request.access.tagGroups, undefined, { name: '', parent }), { title: 'New tag group' })
  })

  app.post('/settings/tags/groups', { config }, async (request, reply) => {
    const input = readGroupForm(request.body)
    try {
      const id = await addGroup(db, groupValueOf(input), actorOf(request))
      return await reply.notice(`The group ${input.name} was added.`).goTo(`/settings/tags?group=${id}`)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return reply.page('tags/group', groupModel(request.access.tagGroups, undefined, input, error.fields), { title: 'New tag group', status: 422 })
    }
  })

  app.get<WithId>('/settings/tags/groups/:id', { config, schema }, async (request, reply) => {
    const group = groupFor(request.access, request.params.id)
    return reply.page('tags/group', groupModel(request.access.tagGroups, group, { name: group.name, parent: String(group.parentId ?? '') }), { title: group.name })
  })

  app.post<WithId>('/settings/tags/groups/:id', { config, schema }, async (request, reply) => {
    const group = groupFor(request.access, request.params.id)
    const input = readGroupForm(request.body)
    try {
      await saveGroup(db, group.id, groupValueOf(input), actorOf(request))
      return await reply.notice(`The group ${input.name} was saved.`).goTo(`/settings/tags?group=${group.id}`)
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      return reply.page('tags/group', groupModel(request.access.tagGroups, group, input, error.fields), { title: group.name, status: 422 })
    }
  })

  app.get<WithId>('/settings/tags/groups/:id/deletion', { config, schema }, async (request, reply) => {
    const { access } = request
    const group = groupFor(access, request.params.id)
    const family = familyOf(access.tagGroups, group.id)
    const tags = access.tags.filter(({ column }) => column.tagGroupId !== null && family.includes(column.tagGroupId)).length
    return reply.page('tags/group-deletion', groupDeletionModel(group, family.length - 1, tags), { title: `Delete ${group.name}` })
  })

  app.post<WithId>('/settings/tags/groups/:id/deletion', { config, schema }, async (request, reply) => {
    const group = await removeGroup(db, request.params.id, actorOf(request))
    return reply.notice(`The group ${group.name} was deleted.`).goTo('/settings/tags')
  })
}

function groupFor(access: Access, id: number): TagGroup {
  const group = access.tagGroups.find((candidate) => candidate.id === id)
  if (!group) throw new NotFound('There is no such tag group.')
  return group
}
